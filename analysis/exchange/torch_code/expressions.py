"""Puts names and numbers into the one-line functions that operators write of themselves."""

from __future__ import annotations

import ast
from collections.abc import Sequence


def filled(function: str, arguments: Sequence[str]) -> str:
    """The body of a `lambda` with these expressions in the place of its arguments."""
    parsed = ast.parse(function, mode="eval").body
    if not isinstance(parsed, ast.Lambda):
        raise ValueError(f"not a function: {function}")
    names = [each.arg for each in parsed.args.args]
    given = {
        name: ast.parse(text, mode="eval").body for name, text in zip(names, arguments, strict=True)
    }
    return ast.unparse(_Filler(given).visit(parsed.body))


class _Filler(ast.NodeTransformer):
    def __init__(self, given: dict[str, ast.expr]) -> None:
        self._given = given

    def visit_Name(self, name: ast.Name) -> ast.expr:
        return self._given.get(name.id, name)


def parts_of_sequential(line: str) -> list[str]:
    """The modules in `nn.Sequential(…)`, in order; any other module is its only part."""
    parsed = ast.parse(line, mode="eval").body
    if isinstance(parsed, ast.Call) and ast.unparse(parsed.func) == "nn.Sequential":
        return [ast.unparse(each) for each in parsed.args]
    return [line]
