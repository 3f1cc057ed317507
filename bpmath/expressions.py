"""From the text of an expression to its computational graph, without ever executing the text.

What you can do here: turn "(a + b) * (b + 1)" into named gates (`graph_of`, or `Graph.from_expression`).

    numbers    2, 0.5, 1e-3
    names      a, w0, alpha: each is one input, however often it is used
    operators  + - * / ** and brackets, with Python's precedence
    functions  max min (two arguments or more), exp log sqrt sin cos tanh sigmoid relu abs (one)

Every operator and every function becomes a gate; what is written twice is computed twice.  A number
is no node of its own: it is fixed in the gate that uses it (`Operation.constants`), as one draws it:
"+ 1", "* 2", "1 / x".  Arithmetic among numbers alone is done at once.  Intermediate gates are called
v_1, v_2, ..., the customary names (Griewank & Walther, Evaluating Derivatives, 2008, section 2.2), or
by another letter where a name of the expression begins with v; the output has the name asked for.
"""

from __future__ import annotations

import ast
import difflib
import math
import warnings
from dataclasses import replace
from typing import NoReturn

from bpmath import operations as gates
from bpmath.graph import Graph, Node
from bpmath.long_expressions import Unreadable, long_tree
from bpmath.operations import DomainError, Operation
from bpmath.symbols import Symbol

LONGEST_TEXT = 100_000
"""The number of characters that an expression may have."""

SHOWN = 72
LETTERS = "vughpqrst"

OPERATORS: dict[type[ast.AST], Operation] = {
    ast.Add: gates.ADD,
    ast.Sub: gates.SUBTRACT,
    ast.Mult: gates.MULTIPLY,
    ast.Div: gates.DIVIDE,
    ast.Pow: gates.POWER,
    ast.USub: gates.NEGATE,
    ast.UAdd: gates.IDENTITY,
}
SEVERAL = {"max": gates.MAX, "min": gates.MIN}
FUNCTIONS = SEVERAL | {
    "exp": gates.EXP,
    "log": gates.LOG,
    "sqrt": gates.SQRT,
    "sin": gates.SIN,
    "cos": gates.COS,
    "tanh": gates.TANH,
    "sigmoid": gates.SIGMOID,
    "relu": gates.RELU,
    "abs": gates.ABS,
}
SYNONYMS = {"ln": "log", "logistic": "sigmoid"}
REFUSED: dict[type[ast.AST], str] = {
    ast.Attribute: "a dot after a name means nothing here",
    ast.Compare: "comparisons cannot stand in an expression",
    ast.BoolOp: "'and' and 'or' cannot stand in an expression",
    ast.Lambda: "'lambda' cannot stand in an expression",
    ast.IfExp: "'if' cannot stand in an expression; max, min and relu choose",
    ast.Subscript: "square brackets cannot stand in an expression; write x1 for x[1]",
    ast.JoinedStr: "text in quotes cannot stand in an expression",
    ast.Tuple: "a comma stands only between the arguments of a function; write 0.5 with a point",
}
OTHERS = "only numbers, names, + - * / **, round brackets and functions can stand in an expression"
MISREAD = {
    "Exceeds the limit": "this number has too many digits",
    "too many nested": "the brackets are nested too deeply",
    "invalid decimal literal": "a number cannot run into a name; write 2 * x for a product",
}

Operand = Symbol | float
"""What a part of an expression has become: a node, or a number."""


class ExpressionError(ValueError):
    """A text that is no expression: one sentence, the text, and a caret under `column` (from 0)."""

    def __init__(self, sentence: str, text: str, column: int = 0) -> None:
        self.sentence, self.text, self.column = sentence, text, max(0, min(column, len(text)))
        start = max(0, min(self.column - SHOWN // 2, len(text) - SHOWN))
        shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[start:][:SHOWN])
        super().__init__(f"{sentence}\n  {shown}\n  {' ' * (self.column - start)}^")


def graph_of(text: str, name: str = "e") -> Graph:
    """Return the graph of an expression; its inputs stand in order of first appearance.

    Raises ExpressionError when the text is not such an expression, is longer than LONGEST_TEXT or uses
    `name` itself; ValueError when `name` cannot be a name.
    """
    if not isinstance(name, str) or not name.isidentifier() or name in FUNCTIONS:
        raise ValueError(f"name: {name!r} cannot be the name of an output")
    if not isinstance(text, str):
        raise ValueError(f"text: an expression is a string, not {type(text).__name__}")
    line = "".join(" " if character.isspace() else character for character in text)
    return _Builder(line, _parse(line), name).graph()


def _parse(text: str) -> ast.expr:
    """Return Python's syntax tree of one line, which says what is written and runs none of it."""
    if len(text) > LONGEST_TEXT:
        raise ExpressionError(f"{len(text)} characters are more than the limit of {LONGEST_TEXT}", text)
    if not text.strip():
        raise ExpressionError("the expression is empty", text)
    for column, character in enumerate(text):
        if character == "#" or not character.isprintable():
            written = repr(character) if character == "#" else f"U+{ord(character):04X}"
            raise ExpressionError(f"the character {written} cannot stand in an expression", text, column)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text.lstrip(), mode="eval").body
    except (RecursionError, MemoryError):
        return _parse_long(text)
    except SyntaxError as error:
        indent = len(text) - len(text.lstrip())
        column = indent + error.offset - 1 if error.offset else len(text)
        raise ExpressionError(_misread(error.msg), text, column) from None
    except ValueError:
        raise ExpressionError("the expression cannot be read", text) from None


def _parse_long(text: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return long_tree(text.lstrip())
    except Unreadable:
        raise ExpressionError("the expression is nested too deeply or not well formed", text) from None


def _misread(message: str) -> str:
    for beginning, sentence in MISREAD.items():
        if message.startswith(beginning):
            return sentence
    telling = ("never closed", "unmatched", "does not match", "invalid character")
    if any(phrase in message for phrase in telling):
        return message
    return "the expression is incomplete or not well formed here"


def _operands(tree: ast.expr) -> list[ast.expr]:
    match tree:
        case ast.BinOp():
            return [tree.left, tree.right]
        case ast.UnaryOp():
            return [tree.operand]
        case ast.Call():
            return tree.args
    return []


class _Builder:
    """Builds the gates from the leaves to the root, on a stack of its own: no text can exhaust Python's."""

    def __init__(self, text: str, tree: ast.expr, name: str) -> None:
        self.text, self.tree, self.output = text, tree, Symbol(name)
        self.indent = len(text) - len(text.lstrip())
        self.bytes = text.lstrip().encode()
        self.inputs: dict[str, Node] = {}
        self.gates: list[Node] = []
        taken = {name[0], *(node.id[0] for node in ast.walk(tree) if isinstance(node, ast.Name))}
        # Indices keep gates and names apart in any case; another letter keeps the reader from confusing them.
        self.letter = next((letter for letter in LETTERS if letter not in taken), LETTERS[0])

    def graph(self) -> Graph:
        waiting, done = [(self.tree, False)], list[Operand]()
        while waiting:
            tree, ready = waiting.pop()
            if ready:
                start = len(done) - len(_operands(tree))
                done[start:] = [self._result(tree, done[start:])]
            else:
                waiting += [(tree, True), *((part, False) for part in reversed(self._parts(tree)))]
        self._name_output(done[0])
        return Graph((*self.inputs.values(), *self.gates), self.output)

    def _name_output(self, result: Operand) -> None:
        if isinstance(result, float):
            self.gates = [Node(self.output, gates.constant_gate(result))]
        elif self.gates:
            self.gates[-1] = replace(self.gates[-1], symbol=self.output)
        else:
            self.gates = [Node(self.output, gates.IDENTITY, (result,))]

    def _parts(self, tree: ast.expr) -> list[ast.expr]:
        """Return the operands of an operator or a function; refuse whatever else is written."""
        match tree:
            case ast.BinOp():
                self._check_operator(tree)
            case ast.UnaryOp() if type(tree.op) not in OPERATORS:
                self._refuse(tree, OTHERS)
            case ast.Call():
                self._check_call(tree)
            case ast.Constant() if isinstance(tree.value, str | bytes):
                self._refuse(tree, REFUSED[ast.JoinedStr])
            case ast.UnaryOp() | ast.Name() | ast.Constant():
                pass
            case _:
                self._refuse(tree, REFUSED.get(type(tree), OTHERS))
        return _operands(tree)

    def _check_operator(self, tree: ast.BinOp) -> None:
        if type(tree.op) not in OPERATORS:
            sentence = "^ is not a power here; write x ** 2" if isinstance(tree.op, ast.BitXor) else OTHERS
            between = self.bytes[tree.left.end_col_offset : tree.right.col_offset].decode()
            skipped = len(between) - len(between.lstrip(" )"))
            self._refuse(tree, sentence, self._column(tree.left.end_col_offset or 0) + skipped)

    def _check_call(self, tree: ast.Call) -> None:
        function = tree.func
        if isinstance(function, ast.Attribute):
            self._refuse(function, REFUSED[ast.Attribute])
        if not isinstance(function, ast.Name):
            self._refuse(function, "what stands before a bracket is no function; write * for a product")
        if function.id not in FUNCTIONS:
            meant = SYNONYMS.get(function.id, function.id.lower())
            near = difflib.get_close_matches(meant, FUNCTIONS, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; the functions are {', '.join(FUNCTIONS)}"
            self._refuse(function, f"{function.id} is no function here{hint}")
        if tree.keywords:
            self._refuse(tree.keywords[0], f"{function.id} takes no arguments with a name")
        given = len(tree.args)
        if given < 2 if function.id in SEVERAL else given != 1:
            wanted = "two arguments or more" if function.id in SEVERAL else "one argument"
            self._refuse(function, f"{function.id} takes {wanted}, not {given}")

    def _result(self, tree: ast.expr, operands: list[Operand]) -> Operand:
        match tree:
            case ast.Constant():
                return self._number(tree)
            case ast.Name():
                return self._input(tree)
            case ast.Call(func=ast.Name(id=name)):
                return self._gate(tree, FUNCTIONS[name], operands)
            case ast.UnaryOp(op=ast.UAdd()):
                return operands[0]
            case ast.BinOp() | ast.UnaryOp():
                return self._gate(tree, OPERATORS[type(tree.op)], operands)
        raise AssertionError(f"{type(tree).__name__} was let through")

    def _number(self, tree: ast.Constant) -> float:
        if isinstance(tree.value, bool) or not isinstance(tree.value, int | float):
            imaginary = isinstance(tree.value, complex)
            self._refuse(tree, "complex numbers cannot stand in an expression" if imaginary else OTHERS)
        try:
            number = float(tree.value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            self._refuse(tree, "this number is larger than any that can be computed with")
        return number

    def _input(self, tree: ast.Name) -> Symbol:
        if tree.id in FUNCTIONS:
            self._refuse(tree, f"{tree.id} is a function; write {tree.id}(...)")
        symbol = Symbol(tree.id)
        if symbol == self.output:
            self._refuse(tree, f"{tree.id} is the name of the output; give the output another")
        self.inputs.setdefault(tree.id, Node(symbol))
        return symbol

    def _gate(self, tree: ast.expr, gate: Operation, operands: list[Operand]) -> Operand:
        """Return the symbol of a new gate with its numbers fixed, or the number that numbers alone give."""
        sources = tuple(operand for operand in operands if isinstance(operand, Symbol))
        constants = tuple(None if isinstance(operand, Symbol) else operand for operand in operands)
        if not sources:
            try:
                return gate.value([operand for operand in operands if isinstance(operand, float)])
            except DomainError as error:
                self._refuse(tree, str(error))
        if gate is gates.DIVIDE and constants == (1.0, None):
            gate = gates.RECIPROCAL
        elif len(sources) < len(operands):
            gate = gates.with_constants(gate, constants)
        symbol = Symbol(self.letter, None, (len(self.gates) + 1,))
        self.gates.append(Node(symbol, gate, sources))
        return symbol

    def _column(self, offset: int) -> int:
        """Return the column of an offset that Python counts in bytes."""
        return self.indent + len(self.bytes[:offset].decode(errors="ignore"))

    def _refuse(self, tree: ast.expr | ast.keyword, sentence: str, column: int | None = None) -> NoReturn:
        raise ExpressionError(
            sentence, self.text, self._column(tree.col_offset) if column is None else column
        )
