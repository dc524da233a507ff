"""Reads a line into an expression of our own; Python's parser splits it, nothing is evaluated."""

from __future__ import annotations

import ast
import warnings

from analysis.tensor_pad.expression import (
    AllAxes,
    Attribute,
    Call,
    Expression,
    Index,
    Items,
    Line,
    Number,
    Operation,
    Slice,
    Span,
    Word,
)
from analysis.tensor_pad.functions import ATTRIBUTES, CONSTANTS, DTYPES, FUNCTIONS, names, nearest
from analysis.tensor_pad.limits import DEEPEST, LARGEST_NUMBER, LONGEST, MOST_STEPS
from analysis.tensor_pad.refusal import Refusal, Refused, refuse

TYPED_OTHERWISE = str.maketrans("（）［］【】，：。＋－＊／＝−×÷·", "()[][],:.+-*/=-*/*")
"""Signs of Chinese keyboards and of print, each for one sign of the grammar."""
SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.MatMult: "@", ast.USub: "-", ast.UAdd: "+", ast.Lt: "<", ast.LtE: "<=",
    ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip


def parse(text: str) -> Line | Refusal:
    """The line as an expression, or why it is none. Takes microseconds and no torch."""
    try:
        return Line(text, _Reading(_plain(text)).expression())
    except Refused as refused:
        return refused.refusal


def _plain(text: str) -> str:
    """The line in the signs of the grammar, each at its place."""
    if len(text) > LONGEST:
        raise refuse((LONGEST, len(text)), "pad-line-too-long", len(text), LONGEST)
    if not text.strip():
        raise refuse((0, len(text)), "pad-empty")
    plain = text.translate(TYPED_OTHERWISE)
    for at, sign in enumerate(plain):
        if not (" " <= sign <= "~"):
            raise refuse((at, at + 1), "pad-sign", text[at])
    return plain


class _Reading:
    """Turns Python's tree into ours, part by part; whatever has no place in ours is refused."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._indent = len(text) - len(text.lstrip())
        self._depth = 0
        self._steps = 0

    def expression(self) -> Expression:
        """The whole line."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(self._text.strip(), mode="eval")
        except (SyntaxError, ValueError) as error:
            raise self._syntax(error) from error
        except (RecursionError, MemoryError) as error:
            raise refuse((0, len(self._text)), "pad-too-deep", DEEPEST) from error
        return self._read(tree.body)

    def _syntax(self, error: SyntaxError | ValueError) -> Refused:
        said = error.msg if isinstance(error, SyntaxError) else ""
        found = error.offset if isinstance(error, SyntaxError) else None
        at = min(max((found or 1) - 1 + self._indent, 0), len(self._text) - 1)
        if said.endswith("was never closed"):
            return refuse((at, at + 1), "pad-unclosed", self._text[at])
        if "nested" in said:
            return refuse((at, at + 1), "pad-too-deep", DEEPEST)
        if self._text[at] == "=":
            return refuse((at, at + 1), "pad-assignment")
        return refuse((at, at + 1), "pad-syntax", at + 1)

    def _span(self, node: ast.expr | ast.keyword) -> Span:
        end = node.end_col_offset
        assert end is not None
        return node.col_offset + self._indent, end + self._indent

    def _step(self, span: Span) -> None:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise refuse(span, "pad-too-many-steps", MOST_STEPS)

    def _read(self, node: ast.expr) -> Expression:
        self._depth += 1
        if self._depth > DEEPEST:
            raise refuse(self._span(node), "pad-too-deep", DEEPEST)
        try:
            return self._by_kind(node)
        finally:
            self._depth -= 1

    def _by_kind(self, node: ast.expr) -> Expression:
        span = self._span(node)
        match node:
            case ast.Constant(value=bool() | int() | float() | None as value):
                if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
                    raise refuse(span, "pad-number-too-large")
                return Number(value, span)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return Items(tuple(map(self._read, items)), span)
            case ast.Name(id=name):
                return self._word(name, name, span)
            case ast.Attribute(value=ast.Name(id="torch"), attr=name):
                return self._word(name, f"torch.{name}", span)
            case ast.Attribute(value=receiver, attr=name):
                return self._attribute(receiver, name, span)
            case ast.Call():
                return self._call(node)
            case ast.Subscript(value=receiver, slice=inside):
                self._step(span)
                return Index(self._read(receiver), self._parts(inside), span)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
                self._step(span)
                return Operation(SIGNS[type(sign)], (self._read(operand),), span)
            case ast.BinOp(op=sign, left=left, right=right) if type(sign) in SIGNS:
                self._step(span)
                return Operation(SIGNS[type(sign)], (self._read(left), self._read(right)), span)
            case ast.Compare(ops=[sign], left=left, comparators=[right]) if type(sign) in SIGNS:
                self._step(span)
                return Operation(SIGNS[type(sign)], (self._read(left), self._read(right)), span)
        raise refuse(span, "pad-not-allowed", self._text[slice(*span)][:40])

    def _word(self, name: str, written: str, span: Span) -> Expression:
        bare = name in (*CONSTANTS, *DTYPES)
        if bare:
            return Word(written, span)
        if name in FUNCTIONS:
            raise refuse(span, "pad-without-brackets", name)
        raise _unknown(name, span, names())

    def _attribute(self, receiver: ast.expr, name: str, span: Span) -> Expression:
        if name in ATTRIBUTES:
            self._step(span)
            return Attribute(name, self._read(receiver), span)
        if name in FUNCTIONS:
            raise refuse(span, "pad-without-brackets", name)
        raise _unknown(name, span, names())

    def _call(self, node: ast.Call) -> Expression:
        span = self._span(node)
        self._step(span)
        match node.func:
            case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="torch"), attr=name):
                receiver = None
            case ast.Attribute(value=before, attr=name):
                receiver = before
            case _:
                raise refuse(span, "pad-not-allowed", self._text[slice(*span)][:40])
        function = FUNCTIONS.get(name)
        if function is None:
            raise _unknown(name, self._span(node.func), tuple(FUNCTIONS))
        if receiver is None and function.way == "method":
            raise refuse(self._span(node.func), "pad-method-only", name)
        if receiver is not None and function.way == "function":
            raise refuse(self._span(node.func), "pad-function-only", name)
        for star in node.args:
            if isinstance(star, ast.Starred):
                raise refuse(self._span(star), "pad-not-allowed", self._text[slice(*span)][:40])
        return Call(
            name,
            self._read(receiver) if receiver is not None else None,
            tuple(map(self._read, node.args)),
            tuple(self._keyword(each, name) for each in node.keywords),
            span,
        )

    def _keyword(self, node: ast.keyword, function: str) -> tuple[str, Expression]:
        allowed = ("input", *FUNCTIONS[function].arguments)
        if node.arg is None or node.arg not in allowed:
            known = ", ".join(FUNCTIONS[function].arguments) or "–"
            raise refuse(self._span(node), "pad-keyword", function, node.arg or "**", known)
        return node.arg, self._read(node.value)

    def _parts(self, inside: ast.expr) -> tuple[Expression | Slice | AllAxes, ...]:
        listed = inside.elts if isinstance(inside, ast.Tuple) else [inside]
        return tuple(map(self._part, listed))

    def _part(self, node: ast.expr) -> Expression | Slice | AllAxes:
        span = self._span(node)
        if isinstance(node, ast.Slice):
            start, stop, step = (
                self._read(end) if end is not None else None
                for end in (node.lower, node.upper, node.step)
            )
            return Slice(start, stop, step, span)
        if isinstance(node, ast.Constant) and node.value is Ellipsis:
            return AllAxes(span)
        read = self._read(node)
        if isinstance(read, Items):
            raise refuse(span, "pad-not-allowed", self._text[slice(*span)][:40])
        return read


def _unknown(name: str, span: Span, known: tuple[str, ...]) -> Refused:
    near = nearest(name, known)
    return (
        refuse(span, "pad-unknown-near", name, near) if near else refuse(span, "pad-unknown", name)
    )
