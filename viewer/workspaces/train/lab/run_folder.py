"""Folders of trainings under way: the recipe, the network and the last checkpoint of each.

A folder belongs to whoever holds the lock beside it, which the system lets go of when a program
ends, however it ends. So what lies in a folder that nobody holds is of a program that was killed.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

from analysis.faults import Fault
from analysis.storage import atomic_file
from analysis.storage.document import Document, DocumentError, from_json, to_json
from analysis.storage.regular_file import read_regular
from analysis.training.recipe import Recipe, read_recipe
from analysis.training.recipe_text import recipe_text
from viewer.files.data_folder import data_folder
from viewer.files.recovery import Claim, claim

MOST_KEPT = 5
RECIPE, NETWORK, CHECKPOINT = "recipe.json", "network.fieldglass", "checkpoint.pt"


def runs_folder() -> Path:
    """Where folders of trainings lie."""
    return data_folder() / "training"


@dataclass(frozen=True)
class CutOff:
    """A training that was cut off: what it trains, and where its checkpoint lies."""

    folder: Path
    recipe: Recipe
    document: Document


class RunFolder:
    """The folder of one window's training."""

    def __init__(self, path: Path, held: Claim) -> None:
        self.path = path
        self._held = held

    @classmethod
    def make(cls, recipe: Recipe, document: Document) -> RunFolder:
        """A new folder that holds what is needed to go on. Raises OSError."""
        runs_folder().mkdir(parents=True, exist_ok=True)
        path = runs_folder() / uuid.uuid4().hex
        held = claim(path)
        assert held is not None, "somebody has a name that was made just now"
        made = cls(path, held)
        try:
            path.mkdir()  # claimed before it is there: nobody finds a folder without an owner
            atomic_file.write(path / RECIPE, (recipe_text(recipe).encode(),))
            plain = Document(graph=document.graph, blueprint=document.blueprint)
            atomic_file.write(path / NETWORK, (to_json(plain),))
        except OSError:
            made.remove()
            raise
        return made

    @property
    def has_checkpoint(self) -> bool:
        """Whether there is anything in it to go on from."""
        return (self.path / CHECKPOINT).is_file()

    def remove(self) -> None:
        """The training is over, or nobody wants to go on with it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.leave()
        with contextlib.suppress(OSError):
            self.path.with_suffix(".lock").unlink(missing_ok=True)

    def leave(self) -> None:
        """Keep what lies there for the next start of the program."""
        self._held.release()


def cut_off() -> tuple[RunFolder, CutOff] | None:
    """The newest training that was cut off, claimed; older ones wait for their turn.

    Those with nothing to go on from are removed, and what is more than MOST_KEPT.
    """
    found: list[tuple[RunFolder, CutOff]] = []
    for path in _newest_first():
        held = claim(path)
        if held is None:
            continue
        folder = RunFolder(path, held)
        known = read_folder(path) if len(found) < MOST_KEPT else None
        if known is None:
            folder.remove()
        else:
            found.append((folder, known))
    for folder, _ in found[1:]:
        folder.leave()
    return found[0] if found else None


def _newest_first() -> list[Path]:
    dated = []
    with contextlib.suppress(OSError):
        for path in runs_folder().iterdir():
            with contextlib.suppress(OSError):
                if path.is_dir():
                    dated.append((path.stat().st_mtime, path))
    return [path for _, path in sorted(dated, reverse=True)]


def read_folder(path: Path) -> CutOff | None:
    """What lies in a folder, None where it is no whole training with a checkpoint."""
    if not (path / CHECKPOINT).is_file():
        return None
    try:
        recipe = read_recipe(json.loads(read_regular(path / RECIPE)))
        document, _ = from_json(read_regular(path / NETWORK))
    except (OSError, ValueError, RecursionError, DocumentError):
        return None
    return None if isinstance(recipe, Fault) else CutOff(path, recipe, document)
