"""The syntax tree of an expression that is too long for Python's own parser, which recurses into it.

`long_tree(text)` makes the tree that `ast.parse` would make, to the offsets of every node, of what can stand
in an expression: numbers, names, + - * / **, round brackets and calls.  It waits with an operator until one
that binds no tighter comes (Dijkstra, Algol 60 Translation, 1961: the shunting yard), and so needs no stack
but two lists.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

NUMBER = r"0[xXoObB]\w*|(?:\d|\.\d)[\w.]*(?:(?<=[eE])[+-]\w+)?"
NAME = r"[^\W\d]\w*"
TOKEN = re.compile(rf"\s*(?:({NUMBER}|{NAME})|(\*\*|[-+*/(),]))")
BINARY: dict[str, tuple[type[ast.operator], int]] = {
    "+": (ast.Add, 1),
    "-": (ast.Sub, 1),
    "*": (ast.Mult, 2),
    "/": (ast.Div, 2),
    "**": (ast.Pow, 4),
}
UNARY: dict[str, type[ast.unaryop]] = {"+": ast.UAdd, "-": ast.USub}
UNARY_BINDING, POWER_BINDING = 3, 4


class Unreadable(ValueError):
    """Something other than numbers, names, operators, brackets and calls, or not well formed."""


@dataclass(frozen=True)
class _Operand:
    """A part of the tree and where it stands, brackets around it included."""

    tree: ast.expr
    start: int
    end: int


@dataclass(frozen=True)
class _Waiting:
    """An operator, or an opening bracket (which binds nothing), that waits for what follows it.

    A bracket of a call knows its function, and how many operands there were before its arguments.
    """

    sign: str
    binding: int
    start: int
    function: _Operand | None = None
    operands: int = 0


def long_tree(text: str) -> ast.expr:
    """Return the syntax tree of one line; raises Unreadable for what is no such expression."""
    return _Yard(text).tree()


class _Yard:
    def __init__(self, text: str) -> None:
        self.text = text
        # Python counts offsets in bytes.
        self.offsets = [0, *accumulate(len(character.encode()) for character in text)]
        self.operands: list[_Operand] = []
        self.waiting: list[_Waiting] = []
        self.atoms: dict[str, ast.expr] = {}

    def tree(self) -> ast.expr:
        before = "("
        for atom, sign, start, end in self._tokens():
            after_operand = before in ("atom", ")")
            if atom and not after_operand:
                self.operands.append(_Operand(self._atom(atom, start, end), start, end))
            elif sign == ")" and (after_operand or self._ends_arguments(before)):
                self._close(end)
            elif after_operand and sign:
                self._continue(sign, start)
            elif sign in UNARY:
                self.waiting.append(_Waiting(sign, UNARY_BINDING, start))
            elif sign == "(":
                self.waiting.append(_Waiting(sign, 0, start))
            else:
                raise Unreadable(self.text)
            before = sign or "atom"
        if before in ("atom", ")"):
            self._reduce(1)
        if len(self.operands) != 1 or self.waiting:
            raise Unreadable(self.text)
        return self.operands[0].tree

    def _tokens(self) -> Iterator[tuple[str, str, int, int]]:
        position, end = 0, len(self.text.rstrip())
        while position < end:
            token = TOKEN.match(self.text, position)
            if token is None:
                raise Unreadable(self.text)
            position = token.end()
            start = token.start(token.lastindex or 0)
            yield token[1] or "", token[2] or "", self.offsets[start], self.offsets[position]

    def _atom(self, text: str, start: int, end: int) -> ast.expr:
        if text not in self.atoms:
            try:
                self.atoms[text] = ast.parse(text, mode="eval").body
            except (SyntaxError, ValueError):
                raise Unreadable(self.text) from None
        place = {"lineno": 1, "col_offset": start, "end_lineno": 1, "end_col_offset": end}
        match self.atoms[text]:
            case ast.Name(id=name):
                return ast.Name(name, ast.Load(), **place)
            case ast.Constant(value=value):
                return ast.Constant(value, None, **place)
        raise Unreadable(self.text)

    def _ends_arguments(self, before: str) -> bool:
        """Tell whether a bracket can close where an argument could stand: f() and f(x,)."""
        in_call = bool(self.waiting) and self.waiting[-1].function is not None
        return in_call and before in ("(", ",")

    def _continue(self, sign: str, start: int) -> None:
        """Go on behind an operand: with its arguments, with the next argument, or with an operator."""
        if sign == "(":
            function = self.operands.pop()
            self.waiting.append(_Waiting(sign, 0, start, function, len(self.operands)))
        elif sign == ",":
            self._reduce(1)
            if not self.waiting or self.waiting[-1].function is None:
                raise Unreadable(self.text)
        else:
            binding = BINARY[sign][1]
            # a ** b ** c is a ** (b ** c); all others are taken from the left.
            self._reduce(binding + 1 if binding == POWER_BINDING else binding)
            self.waiting.append(_Waiting(sign, binding, start))

    def _reduce(self, binding: int) -> None:
        """Apply the operators at the end that bind as tight or tighter."""
        while self.waiting and self.waiting[-1].binding >= binding:
            operator = self.waiting.pop()
            right = self.operands.pop()
            if operator.binding == UNARY_BINDING:
                start = operator.start
                tree: ast.expr = ast.UnaryOp(UNARY[operator.sign](), right.tree)
            else:
                left = self.operands.pop()
                start = left.start
                tree = ast.BinOp(left.tree, BINARY[operator.sign][0](), right.tree)
            self._push(tree, start, right.end)

    def _close(self, end: int) -> None:
        self._reduce(1)
        if not self.waiting:
            raise Unreadable(self.text)
        bracket = self.waiting.pop()
        if bracket.function is None:
            inner = self.operands.pop()
            self.operands.append(_Operand(inner.tree, bracket.start, end))
            return
        arguments = [operand.tree for operand in self.operands[bracket.operands :]]
        del self.operands[bracket.operands :]
        self._push(ast.Call(bracket.function.tree, arguments, []), bracket.function.start, end)

    def _push(self, tree: ast.expr, start: int, end: int) -> None:
        tree.lineno = tree.end_lineno = 1
        tree.col_offset, tree.end_col_offset = start, end
        self.operands.append(_Operand(tree, start, end))
