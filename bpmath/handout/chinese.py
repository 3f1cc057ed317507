"""The words of the document in Chinese."""

from __future__ import annotations

from collections.abc import Mapping

CHINESE: Mapping[str, str] = {
    "title": "{sizes} 网络的反向传播",
    "intro": "本文在一个样本上手工推导一个网络的误差的梯度：先写成各条路径之和，再引入误差项，然后写成矩阵，"
    "最后得到在每一层都成立的四个方程。下面的每个等式在写出之前，都已在这个网络和这个样本上求过值。"
    "数值按全精度计算，印出三位有效数字。",
    # -- between sentences, and between the parts of a list
    "space": "",
    "comma": "、",
    # -- tables
    "column.layer": "层",
    "column.inputs": "输入数",
    "column.nodes": "节点数",
    "column.activation": "激活函数",
    "column.parameters": "权重和偏置数",
    "column.symbol": "量",
    "column.value": "值",
    "column.gradient": "梯度",
    "column.paths": "路径数",
    "column.by_paths": "逐条路径计算的乘法次数",
    "column.by_deltas": "用误差项计算的乘法次数",
    # -- names
    "activation.identity": "恒等函数",
    "activation.sigmoid": "sigmoid 函数",
    "activation.tanh": "双曲正切",
    "activation.relu": "ReLU",
    "activation.leaky_relu": "带泄漏的 ReLU",
    "activation.softplus": "softplus",
    # -- the network
    "network": "网络与样本",
    "network.intro": "输入 {inputs} 个，共 {layers} 层，权重和偏置共 {count} 个。"
    "每个节点先求输入的加权和，再作用激活函数。",
    "network.deep": "凡是逐层写出的内容，{count} 层中只写出最前 {shown} 层和最后 {shown} 层；各层都已计算。",
    "network.parameters": "逐层列出它的权重和偏置：",
    "loss.squared_error": "损失函数是平方误差：每个输出与自己的目标值比较。",
    "loss.mean_squared_error": "损失函数是均方误差：每个输出与自己的目标值比较。",
    "loss.binary_cross_entropy": "损失函数是二元交叉熵：每个输出是“是”的概率。",
    "loss.softmax_cross_entropy": "损失函数是 softmax 交叉熵：输出在损失函数内部变成各个类别的概率。",
    "loss.total": "网络的误差 {E} 是各个输出的误差之和，其中第一个是 {e}。",
    "sample": "网络看到的样本，即它的输入和目标值：",
    "elided": "超过 {count} 行或 {count} 列的矩阵，中间部分省略。",
    # -- indices
    "indices": "下标的读法",
    "indices.column": "上标是层号；权重的两个下标依次表示这条边通到哪里、从哪里来。"
    "因此 {weight} 属于第 {layer} 层："
    "它通到节点 {to}，从 {before} 进入 {behind}，因为它的起点是第 {source} 个。这个次序看起来是反的，"
    "但这样一来，权重矩阵的每一行就对应权重所通到的节点。",
    "indices.row": "上标是层号；权重的两个下标依次表示这条边从哪里来、通到哪里，"
    "而它所属的层是它出发的那一层。"
    "因此 {weight} 从第 {source} 个，即 {before} 出发，通到第 {layer} 层的节点 {to}，即 {behind}。"
    "向量横着写，所以权重矩阵的每一列对应权重所通到的节点。",
    "indices.matrix": "在 {W} 中，一行属于边所通到的节点，一列属于边的起点：",
    "indices.matrix.row": "在 {W} 中，一行属于边的起点，一列属于边所通到的节点：",
    # -- the forward pass
    "forward": "前向传播",
    "forward.first": "完整地看第一个节点。它的加权和 {z} 是每个输入乘以自己的权重，相加，再加上偏置：",
    "forward.activation": "它的激活值 {a} 是加权和的函数，这里是 {name}：",
    "forward.formula": "把这个函数写出来：",
    "forward.layer": "第 {layer} 层",
    "forward.errors": "误差",
    "forward.error": "损失函数把每个输出与自己的目标值比较。对第一个输出：",
    "forward.error.joint": "损失函数把输出与目标值比较，每个误差都读取全部输出。其中第一个：",
    "forward.total": "{count} 个误差相加就是 {E}：",
    "forward.total.one": "只有一个输出，它的误差 {e} 就是网络的误差 {E}：",
    "forward.values": "前向传播的全部数值：",
    # -- paths
    "paths": "追踪路径",
    "paths.intro": "当一个权重稍有变化时，{E} 如何变化？变化从这个权重出发，沿着网络的边传到 {E}。"
    "沿一条路径，把局部导数相乘；从权重到 {E} 有几条路径，就把它们的乘积相加。",
    "paths.unit": "{E} 只是误差之和，所以 {one} 等于 1；从现在起略去这个因子。",
    "paths.unit.joint": "{E} 只是误差之和，所以 {one} 等于 1，对其他误差的导数也是如此；"
    "从现在起略去这些因子。"
    "每个误差都读取全部输出，所以一条路径可以经过任何一个误差。",
    "paths.last": "最后一层的权重：{symbol}",
    "paths.hidden": "隐藏层的权重：{symbol}",
    "paths.first": "第一层的权重：{symbol}",
    "paths.bias": "偏置：{symbol}",
    "paths.count": "从 {symbol} 到误差有 {count} 条路径。",
    "paths.count.one": "从 {symbol} 到误差只有一条路径。",
    "paths.too_many": "超过了这里写出的上限 {limit} 条，所以不写出 {symbol} 的路径之和。"
    "用误差项会得到同样的梯度。",
    "paths.too_wide": "这 {count} 个乘积之和即使嵌套起来，一页也写不下，所以不写出。",
    "paths.elided": "有省略号的地方，省略了同样形式的项。",
    "paths.numbers": "每个局部导数都有一个值。{count} 条路径逐条如下：",
    "paths.numbers.some": "每个局部导数都有一个值。{count} 条路径中，乘积最大的几条如下：",
    "paths.numbers.one": "每个局部导数都有一个值，它们的乘积就是梯度：",
    "paths.path": "第 {number} 条路径，共 {total} 条：",
    "paths.sum": "{count} 个乘积之和就是梯度 {derivative}：",
    "paths.sum.zeros": "{count} 个乘积中有 {zeros} 个为 0，其余之和就是梯度 {derivative}：",
    "counts": "代价是多少",
    "counts.intro": "一条一条地走，会一再重复同样的乘法。误差项只计算一次，"
    "这个节点的全部权重和偏置都可以用它：",
    "counts.all": "全部梯度",
    "counts.conclusion": "每增加一层，路径的条数就乘以这一层的宽度；误差项的个数只是加上这个宽度。",
    # -- deltas
    "factoring": "提出误差项",
    "factoring.intro": "这些等式彼此重复：从误差往回到一个节点的加权和为止，"
    "所有因子对这个节点的每个权重和它的偏置"
    "都相同。给它们起个名字，例如 {delta}。",
    "factoring.weight": "{symbol} 的梯度，先是原来的，再用误差项写出：",
    "factoring.bias": "偏置 {symbol} 的梯度，它的最后一个因子是 1：",
    "recursion": "由后一层得到前一层",
    "recursion.last": "在最后一层，即第 {layer} 层，误差项来自损失函数：",
    "recursion.step": "第 {layer} 层的误差项来自已知的第 {behind} 层的误差项：",
    "recursion.some": "{count} 个中写出前 {shown} 个。",
    # -- grouping
    "grouping": "写成矩阵",
    "grouping.intro": "一层中所有权重的标量等式都有同样的形式。它们一步一步变成一个矩阵等式；"
    "每一步都不改变任何数值。"
    "符号 ⊙ 表示逐项相乘。",
    "grouping.layer": "通到第 {layer} 层的权重",
    "grouping.some": "第 {layer} 层的权重太多，无法全部写出。"
    "这里只并排写出节点 {nodes} 与起点 {sources} 的等式，"
    "其余省略。",
    "grouping.elided": "有省略号的地方，省略了同样形式的行、列或项。",
    "grouping.start": "标量等式：",
    "step.gather": "汇集：这些等式成为一个矩阵等式的各项。",
    "step.split": "拆分：由乘积组成的矩阵，等于几个矩阵逐项相乘。",
    "step.columns": "取列：各列都相同的矩阵变成一列，再乘以全是一的一行。",
    "step.columns.row": "取行：各行都相同的矩阵变成一行，前面乘以全是一的一列。",
    "step.factor out": "提出：先把这些列逐项相乘，再重复结果。",
    "step.factor out.row": "提出：先把这些行逐项相乘，再重复结果。",
    "step.product": "乘积：各个分支之和变成一个矩阵乘以误差项的列。",
    "step.product.row": "乘积：各个分支之和变成误差项的行乘以一个矩阵。",
    "step.transpose": "转置：这个矩阵是后一层加权和的导数矩阵的转置。",
    "step.delta": "误差项：最后一个因子之前的一切就是误差项的向量，第一个是 {delta}。",
    "step.outer": "外积：最后一个因子是起点的激活值，每一行都相同。",
    "step.outer.row": "外积：最后一个因子是起点的激活值，每一列都相同。",
    "step.name": "命名：整个矩阵有了名字。",
    "step.shapes": "形状相合：{factors} 得到 {whole}。",
    # -- substitution
    "substitution": "代入局部导数",
    "substitution.intro": "每个局部导数都是前向传播已经算出的量。",
    "substitution.weight": "加权和如何随进入它的激活值变化：等于这条边上的权重。",
    "substitution.input": "加权和如何随权重变化：等于进入这条边的值。",
    "substitution.bias": "加权和如何随偏置变化：等于 1。",
    "substitution.slope": "激活值如何随加权和变化：等于激活函数的斜率。",
    "substitution.formula": "把这个斜率写出来：",
    "substitution.loss": "误差如何随输出变化：等于损失函数的导数。",
    "substitution.layer": "在第 {layer} 层，全部代入之后：",
    "substitution.layer.joint": "在第 {layer} 层，全部代入并把误差相加之后：",
    "saturated": "在这个样本上，有一个输出已经饱和到它的目标值，公式在那里没有数值，所以不写出；"
    "导数本身是一个极限。",
    # -- layers
    "layers": "每一层的方程",
    "layers.intro": "从最后一层到第一层，先用名字，再用数字。",
    "layers.layer": "第 {layer} 层",
    "layers.BP1": "最后一层的误差项：",
    "layers.BP2": "第 {layer} 层的误差项，由第 {behind} 层的得到：",
    "layers.BP3": "偏置的梯度就是误差项：",
    "layers.BP4": "权重的梯度：",
    # -- the loss
    "loss": "损失函数的误差项",
    "loss.intro": "对这个损失函数和这个激活函数，{delta} 等于什么？从链式法则开始：",
    "loss.step.differentiate": "写出两个导数：",
    "loss.step.one fraction": "两个分式合成一个：",
    "loss.step.spell": "把激活函数的斜率写出来：",
    "loss.step.cancel": "分子和分母中相同的部分约去：",
    "loss.value": "代入数值：",
    "softmax.intro": "softmax 把输出变成概率，例如 {p}。每个概率都依赖于全部输出：",
    "softmax.jacobian": "这等于：",
    "softmax.cancellation": "梯度 {derivative} 把经过各个误差传来的部分相加：",
    "softmax.step.substitute": "写出两个导数：",
    "softmax.step.cancel": "分子和分母中相同的部分约去：",
    "softmax.step.multiply out": "把括号乘开：",
    "softmax.step.collect": "含有同一个概率的项合并：",
    "softmax.step.sum to one": "目标值之和等于 1：",
    # -- the general equations
    "general": "反向传播的四个方程",
    "general.column": "每一层都出现了同样的方程，只是数值不同。用 l 表示层号，用 L 表示最后一层；"
    "每个方程都在它成立的每一层求过值。",
    "general.row": "每一层都出现了同样的方程，只是数值不同。用 l 表示层号，用 L 表示最后一层；"
    "每个方程都在它成立的每一层求过值。向量横着写，所以转置在另一边。",
    "general.BP1": "BP1，最后一层（第 {layers} 层）的误差项：",
    "general.BP2": "BP2，前面各层（第 {layers} 层）的误差项：",
    "general.BP2.one": "BP2，前一层（第 {layers} 层）的误差项：",
    "general.BP3": "BP3，偏置（第 {layers} 层）：",
    "general.BP3.one": "BP3，偏置（第 {layers} 层）：",
    "general.BP4": "BP4，权重（第 {layers} 层）：",
    "general.BP4.one": "BP4，权重（第 {layers} 层）：",
    "general.single": "只有一层的网络没有前面的层，也就没有 BP2。",
    "general.mixed": "各个隐藏层的激活函数不同；BP2 中的 f 是该层的激活函数。",
    # -- the check
    "check": "梯度检验",
    "check.figures": "作为一种完全不用导数的检验，把每个权重和偏置调大一点、调小一点，测出误差的变化。"
    "{count} 个梯度中有 {agreeing} 个与反向传播一致；最大的相对误差是 {error}，出现在 {worst}。",
    "check.disagreeing": "不一致的地方，可能是这一小步跨过了激活函数的折点：那里测出的斜率同时属于两侧。",
    "check.skipped": "网络有 {count} 个权重和偏置。用差分逐个检验需要 {passes} 次前向传播，所以这里没有做。",
    "check.refused": "在这个样本上不能用差分检验：{reason}。",
    "gradients": "全部梯度",
    "gradients.all": "误差的 {count} 个梯度：",
    "gradients.first": "误差的 {count} 个梯度中，写出的各层各取前 {shown} 个权重和偏置，其余省略：",
}
