"""The words of the document in English."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "title": "Backpropagation through a {sizes} network",
    "intro": "This document derives the gradient of the error of one network at one sample, by hand: "
    "first as sums over paths, then with deltas, then as matrices, and last in the four equations that "
    "hold in every layer. Every equation below was evaluated on this network and this sample before it "
    "was written. Numbers are computed with full precision and printed with three significant digits.",
    # -- between sentences, and between the parts of a list
    "space": " ",
    "comma": ", ",
    # -- tables
    "column.layer": "layer",
    "column.inputs": "inputs",
    "column.nodes": "nodes",
    "column.activation": "activation",
    "column.parameters": "weights and biases",
    "column.symbol": "quantity",
    "column.value": "value",
    "column.gradient": "gradient",
    "column.paths": "paths",
    "column.by_paths": "multiplications, path by path",
    "column.by_deltas": "multiplications, with deltas",
    # -- names
    "activation.identity": "identity",
    "activation.sigmoid": "sigmoid",
    "activation.tanh": "hyperbolic tangent",
    "activation.relu": "ReLU",
    "activation.leaky_relu": "leaky ReLU",
    "activation.softplus": "softplus",
    # -- the network
    "network": "The network and the sample",
    "network.intro": "Inputs: {inputs}; layers: {layers}; weights and biases: {count}. A node first "
    "forms a weighted sum of what enters it, then applies its activation.",
    "network.deep": "Where something is written for every layer, only the first {shown} and the last "
    "{shown} of the {count} layers are shown; all were computed.",
    "network.parameters": "Its weights and biases, layer by layer:",
    "loss.squared_error": "The loss is the squared error: each output is compared with its target.",
    "loss.mean_squared_error": "The loss is the mean squared error: each output is compared with its target.",
    "loss.binary_cross_entropy": "The loss is binary cross-entropy: each output is the probability of a yes.",
    "loss.softmax_cross_entropy": "The loss is softmax cross-entropy: the outputs become probabilities "
    "of classes inside the loss.",
    "loss.total": "The error {E} of the network is the sum of the errors of its outputs, of which {e} is "
    "the first.",
    "sample": "The sample that the network sees, its inputs and its targets:",
    "elided": "Of matrices with more than {count} rows or columns the middle is left out.",
    # -- indices
    "indices": "How to read the indices",
    "indices.column": "A superscript is the number of a layer; the subscripts of a weight say where its "
    "edge leads to and where it comes from, in this order. So {weight} belongs to layer {layer}: it "
    "leads to node {to}, from {before} into {behind}, for its source is number {source}. The order looks "
    "reversed, but it makes the rows of the matrix of weights stand for the nodes that they lead to.",
    "indices.row": "A superscript is the number of a layer; the subscripts of a weight say where its "
    "edge comes from and where it leads to, in this order, and its layer is the one in which it starts. "
    "So {weight} comes from number {source}, {before}, and leads to node {to} of layer {layer}, "
    "{behind}. Vectors lie in rows, and so the columns of the matrix of weights stand for the nodes that "
    "they lead to.",
    "indices.matrix": "In {W}, a row belongs to the node an edge leads to, a column to its source:",
    "indices.matrix.row": "In {W}, a row belongs to the source of an edge, a column to the node it leads to:",
    # -- the forward pass
    "forward": "The forward pass",
    "forward.first": "The first node in full. Its weighted sum {z} is every input times its weight, plus "
    "the bias:",
    "forward.activation": "Its activation {a} is a function of the weighted sum, here: {name}.",
    "forward.formula": "The function written out:",
    "forward.layer": "Layer {layer}",
    "forward.errors": "The error",
    "forward.error": "The loss compares each output with its own target. For the first output:",
    "forward.error.joint": "The loss compares the outputs with the targets, and each error reads all "
    "outputs. The first of them:",
    "forward.total": "The {count} errors add up to {E}:",
    "forward.total.one": "There is one output, and its error {e} is the error {E} of the network:",
    "forward.values": "All values of the forward pass:",
    # -- paths
    "paths": "Tracing the paths",
    "paths.intro": "How does {E} change when a weight changes a little? A change travels from the weight "
    "along the edges of the network to {E}. Along one path the local derivatives are multiplied; where "
    "several paths lead from the weight to {E}, their products are added.",
    "paths.unit": "{E} is a plain sum of errors, so {one} is 1; this factor is left out from now on.",
    "paths.unit.joint": "{E} is a plain sum of errors, so {one} is 1, and so for every other error; "
    "these factors are left out from now on. Each error reads all outputs, so a path may lead through "
    "any of the errors.",
    "paths.last": "A weight of the last layer: {symbol}",
    "paths.hidden": "A weight of a hidden layer: {symbol}",
    "paths.first": "A weight of the first layer: {symbol}",
    "paths.bias": "A bias: {symbol}",
    "paths.count": "{count} paths lead from {symbol} to the error.",
    "paths.count.one": "One path leads from {symbol} to the error.",
    "paths.too_many": "That is more than the {limit} that are worked out here, so the sum over the paths "
    "of {symbol} is not written. Deltas will give the same gradient.",
    "paths.too_wide": "Nested, the sum of these {count} products is too wide for a page, and is not written.",
    "paths.elided": "Where there are dots, further terms of the same form are left out.",
    "paths.numbers": "Every local derivative has a number. The {count} paths one by one:",
    "paths.numbers.some": "Every local derivative has a number. Of the {count} paths, those with the "
    "largest products:",
    "paths.numbers.one": "Every local derivative has a number, and their product is the gradient:",
    "paths.path": "Path {number} of {total}:",
    "paths.sum": "The sum of the {count} products is the gradient {derivative}:",
    "paths.sum.zeros": "The sum of the {count} products, without the {zeros} that are 0, is the gradient "
    "{derivative}:",
    "counts": "What it costs",
    "counts.intro": "Walked separately, paths repeat the same multiplications again and again. A delta "
    "is computed once and used by all weights and biases of its node:",
    "counts.all": "all gradients",
    "counts.conclusion": "In every layer that is added the number of paths is multiplied by the width of "
    "that layer; the number of deltas only grows by it.",
    # -- deltas
    "factoring": "Factoring out the deltas",
    "factoring.intro": "The equations repeat each other: all factors from the error back to the weighted "
    "sum of a node are the same for every weight of this node and for its bias. They get a name, as in "
    "{delta}.",
    "factoring.weight": "The gradient of {symbol}, before, and with its delta:",
    "factoring.bias": "The gradient of the bias {symbol}, whose last factor is 1:",
    "recursion": "One layer from the next",
    "recursion.last": "In the last layer, layer {layer}, the deltas come from the loss:",
    "recursion.step": "The deltas of layer {layer} come from those of layer {behind}, already known:",
    "recursion.some": "Shown are the first {shown} of {count}.",
    # -- grouping
    "grouping": "Grouping into matrices",
    "grouping.intro": "The scalar equations of all weights of a layer have one form. Step by step they "
    "become one equation between matrices; none of the steps changes a value. The sign ⊙ multiplies "
    "entry by entry.",
    "grouping.layer": "The weights into layer {layer}",
    "grouping.some": "Layer {layer} has too many weights to write each. Shown are the equations of the "
    "nodes {nodes} and the sources {sources} only, side by side; all others are left out.",
    "grouping.elided": "Where there are dots, rows, columns or terms of the same form are left out.",
    "grouping.start": "The scalar equations:",
    "step.gather": "Gather: the equations become the entries of one matrix equation.",
    "step.split": "Split: a matrix of products is a product, entry by entry, of matrices.",
    "step.columns": "Columns: those that are all alike become one column, times a row of ones.",
    "step.columns.row": "Rows: those that are all alike become one row, with a column of ones before it.",
    "step.factor out": "Factor out: the columns are multiplied with each other first, and then repeated.",
    "step.factor out.row": "Factor out: the rows are multiplied with each other first, and then repeated.",
    "step.product": "Product: the sums over the branches become a matrix times the column of deltas.",
    "step.product.row": "Product: the sums over the branches become the row of deltas times a matrix.",
    "step.transpose": "Transpose: this matrix is the transpose of the derivatives of the next layer's "
    "weighted sums.",
    "step.delta": "Delta: everything before the last factor is the vector of deltas, {delta} first.",
    "step.outer": "Outer product: the last factor is the activation of the source, the same in every row.",
    "step.outer.row": "Outer product: the last factor is the activation of the source, the same in every "
    "column.",
    "step.name": "Name: the whole matrices get their names.",
    "step.shapes": "The shapes fit: {factors} gives {whole}.",
    # -- substitution
    "substitution": "Substituting the local derivatives",
    "substitution.intro": "Every local derivative is something that the forward pass has already computed.",
    "substitution.weight": "How a weighted sum changes with an activation that enters it: by the weight "
    "on the edge.",
    "substitution.input": "How a weighted sum changes with a weight: by what enters the edge.",
    "substitution.bias": "How a weighted sum changes with its bias: by 1.",
    "substitution.slope": "How an activation changes with its weighted sum: by the slope of the function.",
    "substitution.formula": "This slope written out:",
    "substitution.loss": "How an error changes with its output: by the derivative of the loss.",
    "substitution.layer": "In layer {layer}, with everything substituted:",
    "substitution.layer.joint": "In layer {layer}, with everything substituted and the errors added up:",
    "saturated": "An output has saturated to its target at this sample, so the formula is no number "
    "there and is not written; the derivative itself is a limit.",
    # -- layers
    "layers": "The equations of every layer",
    "layers.intro": "From the last layer to the first, in names and in numbers.",
    "layers.layer": "Layer {layer}",
    "layers.BP1": "The deltas of the last layer:",
    "layers.BP2": "The deltas of layer {layer}, from those of layer {behind}:",
    "layers.BP3": "The gradients of the biases are the deltas:",
    "layers.BP4": "The gradients of the weights:",
    # -- the loss
    "loss": "The delta of the loss",
    "loss.intro": "What is {delta} for this loss and this activation? The chain rule begins:",
    "loss.step.differentiate": "Both derivatives as they are found:",
    "loss.step.one fraction": "Both fractions on one denominator:",
    "loss.step.spell": "The slope of the activation written out:",
    "loss.step.cancel": "What stands above and below cancels:",
    "loss.value": "In numbers:",
    "softmax.intro": "Softmax turns the outputs into probabilities such as {p}. Each of them depends on "
    "all outputs:",
    "softmax.jacobian": "This is the same as:",
    "softmax.cancellation": "The gradient {derivative} adds up what comes through all errors:",
    "softmax.step.substitute": "Both derivatives as they are found:",
    "softmax.step.cancel": "What stands above and below cancels:",
    "softmax.step.multiply out": "The parentheses multiplied out:",
    "softmax.step.collect": "The terms with the same probability collected:",
    "softmax.step.sum to one": "The targets add up to 1:",
    # -- the general equations
    "general": "The four equations of backpropagation",
    "general.column": "In every layer the same equations have appeared, with other numbers. With l for "
    "the number of a layer and L for the last, each of them was evaluated in every layer where it holds.",
    "general.row": "In every layer the same equations have appeared, with other numbers. With l for the "
    "number of a layer and L for the last, each of them was evaluated in every layer where it holds. "
    "Vectors lie in rows, so the transposes stand on the other side.",
    "general.BP1": "BP1, the deltas of the last layer (layer {layers}):",
    "general.BP2": "BP2, the deltas of the layers before (layers {layers}):",
    "general.BP2.one": "BP2, the deltas of the layer before (layer {layers}):",
    "general.BP3": "BP3, the biases (layers {layers}):",
    "general.BP3.one": "BP3, the biases (layer {layers}):",
    "general.BP4": "BP4, the weights (layers {layers}):",
    "general.BP4.one": "BP4, the weights (layer {layers}):",
    "general.single": "A network of one layer has no layer before the last, and so no BP2.",
    "general.mixed": "The hidden layers have different activations; in BP2, f is that of the layer.",
    # -- the check
    "check": "The gradient check",
    "check.figures": "As a check that knows nothing of derivatives, every weight and bias was moved a "
    "little up and down, and the change of the error was measured. {agreeing} of {count} gradients agree "
    "with the backward pass; the largest relative error is {error}, at {worst}.",
    "check.disagreeing": "Where they disagree, a step may have crossed a kink of the activation: there "
    "the measured slope is of both sides at once.",
    "check.skipped": "The network has {count} weights and biases. To check each by differences takes "
    "{passes} forward passes, so it was not done here.",
    "check.refused": "The check by differences cannot be made at this sample: {reason}.",
    "gradients": "All gradients",
    "gradients.all": "The {count} gradients of the error:",
    "gradients.first": "Of the {count} gradients of the error, the first {shown} weights and biases of "
    "each layer that is written out; the others are left out:",
}
