"""Where an export goes: the dialog that asks for it, and the ending that its file has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from viewer.controls.file_dialog import SAVE, pick_file
from viewer.files.document_name import file_stem
from viewer.workspaces.services import Services


def ask_for_target(
    services: Services,
    title: str,
    kind: str,
    ending: str,
    write: Callable[[str], None],
    *others: tuple[str, str],
) -> None:
    """Ask for a file named like the document; `write` gets its path.

    `title` and `kind` (of files) are in the language in use, `ending` is such as `.onnx`; `others`
    are further kinds with their endings.
    """
    pick_file(
        services.dialog_parent,
        title,
        tuple(f"{called} (*{end})" for called, end in ((kind, ending), *others)),
        SAVE,
        write,
        suffix=ending[1:],
        name=file_stem(services.session.document, services.saver.path),
    )


def with_ending(path: str, ending: str, *others: str) -> Path:
    """The path with that ending, where it has neither it nor another one that will do."""
    return Path(path) if path.endswith((ending, *others)) else Path(f"{path}{ending}")
