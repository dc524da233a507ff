"""Why the tracer gives no model: a refusal that is written into the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .places import line_text


class Refused(Exception):  # noqa: N818 - it becomes a fault
    """Why there is no model: a code of `analysis.faults`, its numbers, what could be chosen."""

    def __init__(self, code: str, *numbers: Any, choices: Iterable[Mapping[str, Any]] = ()) -> None:
        super().__init__(code)
        self.answer = {"code": code, "numbers": list(numbers), "choices": list(choices)}


def last_line(error: BaseException) -> str:
    """What went wrong, as the last line of a traceback says it, shortened.

    The line of code itself where that says no more than the kind, as a bare `assert` does.
    """
    kind = type(error).__name__
    if isinstance(error, SyntaxError):
        return f"{kind}: {error.msg}"
    lines = str(error).strip().splitlines()
    said = lines[0].strip() if lines else line_text(error)
    return f"{kind}: {said}"[:240] if said else kind
