"""The exception that ends a sub-command with one line: what is wrong and what would do."""

from __future__ import annotations

from analysis.faults import Fault
from viewer.command_line.shared.sentence import sentence


class Refusal(Exception):  # noqa: N818 - wrong usage, said in one line
    """Ends the command with exit status 2; `where` names the file or layer concerned."""

    def __init__(self, reason: str | Fault, where: str = "", axes: int = 2) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.where = where
        self.axes = axes

    def line(self) -> str:
        """What is wrong, without the name of the program."""
        reason = self.reason
        text = sentence(reason, self.axes) if isinstance(reason, Fault) else reason
        return f"{self.where}: {text}" if self.where else text
