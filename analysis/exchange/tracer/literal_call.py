"""Reads `UNet(3, wide=16)`: the name of what makes a model, and literal arguments for it."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
MOST_CHARACTERS = 4000


class NotLiteral(ValueError):  # noqa: N818 - it becomes a fault
    """Raised for what is no call with literal arguments; `part` is the piece that is none."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


@dataclass(frozen=True)
class LiteralCall:
    """A dotted name and the arguments it is called with; nothing of it is ever evaluated."""

    name: str
    positional: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)
    has_arguments: bool = False
    """Whether parentheses stood behind the name."""

    def __str__(self) -> str:
        if not self.has_arguments:
            return self.name
        named = [f"{key}={value!r}" for key, value in self.keywords.items()]
        return f"{self.name}({', '.join([*map(repr, self.positional), *named])})"


def parse(text: str) -> LiteralCall:
    """A name, or a name with literals in parentheses. Raises NotLiteral."""
    text = text.strip()
    if NAME.fullmatch(text):
        return LiteralCall(text)
    if len(text) > MOST_CHARACTERS:
        raise NotLiteral(f"{text[:40]}…")
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise NotLiteral(text) from error
    if not isinstance(tree, ast.Call) or not NAME.fullmatch(ast.unparse(tree.func)):
        raise NotLiteral(text)
    keywords: dict[str, Any] = {}
    for each in tree.keywords:
        if each.arg is None:
            raise NotLiteral(f"**{ast.unparse(each.value)}")
        keywords[each.arg] = _value(each.value)
    return LiteralCall(
        ast.unparse(tree.func), tuple(map(_value, tree.args)), keywords, has_arguments=True
    )


def literal(text: str) -> Any:
    """The value of one literal, such as `(1, 2)`. Raises NotLiteral."""
    if len(text) > MOST_CHARACTERS:
        raise NotLiteral(f"{text[:40]}…")
    try:
        return _value(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise NotLiteral(text.strip()) from error


def _value(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError) as error:
        raise NotLiteral(ast.unparse(node)) from error
