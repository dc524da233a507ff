"""The program of the window's study, run by `analysis.processes.program`: the command itself."""

from __future__ import annotations


def main(*arguments: str) -> None:
    """Do what `fieldglass ARGUMENT …` does, and exit as it does."""
    from viewer.command_line.main import main as command

    raise SystemExit(command(arguments))
