"""The exception that ends a sub-command with one line: what is wrong and what would do."""

from __future__ import annotations

from analysis.faults import Fault


class Refusal(Exception):  # noqa: N818 - wrong usage, said in one line
    """Ends the command with exit status 2; `where` names the file or layer concerned."""

    def __init__(self, reason: str | Fault, where: str = "", axes: int = 2) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.where = where
        self.axes = axes

    def line(self) -> str:
        """What is wrong, without the name of the program."""
        if isinstance(self.reason, Fault):
            from viewer.text.fault_sentences import fault_sentence

            text = fault_sentence(self.reason, self.axes)
        else:
            text = self.reason
        return f"{self.where}: {text}" if self.where else text
