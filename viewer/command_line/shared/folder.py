"""Makes the folder that takes a command's files."""

from __future__ import annotations

from pathlib import Path

from viewer.command_line.shared.refusal import Refusal


def make_folder(folder: Path) -> Path:
    """The folder, made with those above it if it is not there. Raises Refusal."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refusal(f"The folder {folder} cannot be made ({reason}). Name another.") from error
    return folder
