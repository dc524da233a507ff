"""Takes what was learnt out of the training: to the canvas, and into files."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject

from analysis.faults import Fault
from analysis.storage import atomic_file
from analysis.storage.blobs import BlobRef
from analysis.storage.document import Document
from analysis.storage.regular_file import open_regular, read_fault
from analysis.storage.staged_files import write_all
from analysis.training.event_file import NAME, event_file, scalars
from analysis.training.numbers_table import numbers_csv
from analysis.training.process.messages import TwinWeights
from analysis.training.recipe import Recipe, read_recipe
from analysis.training.recipe_text import recipe_text
from viewer.controls.file_dialog import OPEN, SAVE, pick_file, pick_folder
from viewer.drawing.files.figure_file import write_picture
from viewer.drawing.files.file_format import patterns
from viewer.drawing.files.formats import FIGURES
from viewer.override_guard import Guarded
from viewer.text.escaping import name_text
from viewer.text.fault_sentences import fault_sentence
from viewer.text.file_faults import no_such_kind, not_written
from viewer.text.number_format import grouped
from viewer.text.translation import tr
from viewer.text.twin_names import twin_name
from viewer.workspaces.train.export.page import report_page
from viewer.workspaces.train.export.report import SIZE, paint_report, report_text
from viewer.workspaces.train.lab.lab import Lab
from viewer.workspaces.train.lab.models import is_own, written_model
from viewer.workspaces.train.lab.shown_network import with_network

MOST_BYTES = 1 << 20
"""A longer file is no recipe."""
NAMED = 2
"""So many files are named in a notice that they are written; of more, how many."""


class Results(Guarded, QObject):
    """Saves what a training gave (weights, checkpoint, curves, report), and recipes as files."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self._lab = lab
        self._session = lab.session

    # ------------------------------------------------------------------ weights

    def put_on_canvas(self, twin: str) -> None:
        """Give the canvas a twin's weights, and its network where that is another; undoable."""
        self._lab.ask.weights(twin, self._keep)

    def _keep(self, came: TwinWeights) -> None:
        name = f"{came.twin}, step {came.step}.safetensors"

        def put(_: Event) -> BlobRef:
            return BlobRef(self._lab.services.store.put(came.content), name)

        def failed(error: Exception) -> None:
            if not isinstance(error, OSError):
                raise error
            self._session.notifications.post(not_written(Path(name), error))

        self._lab.services.background.start(put, partial(self._use, came), failed)

    def _use(self, came: TwinWeights, blob: BlobRef) -> None:
        document = self._session.document
        if came.graph.structure_hash != document.graph.structure_hash:
            trained = Document(graph=came.graph, blueprint=came.blueprint)
            document = with_network(document, trained)
        step = grouped(came.step)
        self._session.edit(
            lambda: tr("Weights of “{name}”, step {n}", name=twin_name(came.twin), n=step),
            replace(document, weights=blob),
        )
        self._session.notifications.post(
            tr("The canvas has the weights of “{name}” after step {n}.",
               name=name_text(twin_name(came.twin)), n=step), "ok",
        )  # fmt: skip

    def ask_weights_folder(self) -> None:
        """Ask for a folder and write every network's weights there."""
        title = tr("A folder for the weights")
        pick_folder(self._lab.services.dialog_parent, title, self.save_weights)

    def save_weights(self, folder: str) -> None:
        """Write NAME.safetensors for each network, all of them or none."""
        names = [twin.name for twin in self._lab.log.twins]
        known: dict[str, bytes] = {}
        told: list[str] = []

        def lost() -> None:
            if not told:
                told.append(tr("The weights were not written: their training has ended."))
                self._session.notifications.post(told[0], "warn")

        def take(came: TwinWeights) -> None:
            known[f"{came.twin}.safetensors"] = came.content
            if len(known) == len(names):
                self._write_all(Path(folder), known)

        for name in names:
            self._lab.ask.weights(name, take, lost)

    # ------------------------------------------------------------------ files

    def ask_curves(self) -> None:
        """Ask for a file and write the curves as a picture."""
        pick_file(self._lab.services.dialog_parent, tr("Curves as a picture"), patterns(FIGURES),
                  SAVE, self.save_curves, "svg", tr("curves"))  # fmt: skip

    def save_curves(self, path: str) -> None:
        """Write them as the ending says."""
        log, across = self._lab.log, self._lab.view.across
        try:
            write_picture(Path(path), SIZE, lambda painter: paint_report(painter, log, across),
                          tr("Curves of a training"))  # fmt: skip
        except ValueError:
            self._session.notifications.post(no_such_kind(Path(path)))
        except OSError as error:
            self._session.notifications.post(not_written(Path(path), error))
        else:
            self._written(Path(path).name)

    def ask_page(self) -> None:
        """Ask for a file and write the report as a page."""
        across = self._lab.view.across
        self._ask_text(tr("Report"), "html", lambda: report_page(self._lab.log, across))

    def ask_report(self) -> None:
        """Ask for a file and write the report."""
        self._ask_text(tr("Report"), "json", lambda: report_text(self._lab.log))

    def ask_numbers(self) -> None:
        """Ask for a file and write all numbers."""
        log = self._lab.log
        names = [twin.name for twin in log.twins]
        self._ask_text(tr("Numbers"), "csv", lambda: numbers_csv(log.record, names))

    def _ask_text(self, title: str, kind: str, text: Callable[[], str]) -> None:
        pick_file(
            self._lab.services.dialog_parent, title, (f"{kind.upper()} (*.{kind})",), SAVE,
            lambda path: self._write(Path(path), text().encode()), kind, "training",
        )  # fmt: skip

    def _write(self, path: Path, content: bytes) -> None:
        self._lab.services.background.start(
            lambda _: _write_in_folder(path, content), lambda _: self._written(path.name),
            partial(self._not_written, path),
        )  # fmt: skip

    def _write_all(self, folder: Path, files: Mapping[str, bytes]) -> None:
        """Write files by name, all of them or none."""
        written = [f"{name.split('/')[0]}/" if "/" in name else name for name in files]
        self._lab.services.background.start(
            lambda _: _write_all_in_folder(folder, files), lambda _: self._written(*written),
            partial(self._not_written, None),
        )  # fmt: skip

    def _not_written(self, path: Path | None, error: Exception) -> None:
        if not isinstance(error, OSError):
            raise error
        self._session.notifications.post(not_written(path or Path(error.filename), error))

    def _written(self, *names: str) -> None:
        named, more = tr(", ").join(map(name_text, names[:NAMED])), len(names) - NAMED
        if len(names) == 1:
            said = tr("{name} is written.", name=named)
        elif more <= 0:
            said = tr("{names} are written.", names=named)
        else:
            said = tr("{names} and {n} more are written.", names=named, n=more)
        self._session.notifications.post(said, "ok")

    def ask_events_folder(self) -> None:
        """Ask for a folder and write the numbers there as TensorBoard reads them."""
        title = tr("A folder for TensorBoard's files")
        pick_folder(self._lab.services.dialog_parent, title, self.save_events)

    def save_events(self, folder: str) -> None:
        """Write an event file for each network, in a folder of its name."""
        log = self._lab.log
        begun = time.time() - log.seconds
        measured = "iou" if log.segments else "psnr"
        names = [twin.name for twin in log.twins]
        self._write_all(Path(folder), {
            f"{name}/{NAME.format(at=begun)}":
                event_file(begun, scalars(log.record, name, measured, begun))
            for name in names
        })  # fmt: skip

    # ------------------------------------------------------------------ recipes

    def ask_recipe(self) -> None:
        """Ask for a file and take its recipe."""
        pick_file(self._lab.services.dialog_parent, tr("Open a recipe"),
                  (tr("Recipes") + " (*.json)",), OPEN, self.open_recipe)  # fmt: skip

    def open_recipe(self, path: str) -> None:
        """Take the recipe of a file; what is wrong with it is said."""
        self._lab.services.background.start(
            lambda _: _read_recipe(Path(path)), partial(self._take, path), self._lab_failed
        )

    def _take(self, path: str, found: Recipe | Fault) -> None:
        if isinstance(found, Fault):
            said = tr(
                "{name}: {fault}", name=name_text(Path(path).name), fault=fault_sentence(found)
            )
            self._session.notifications.post(said)
        else:
            self._lab.set_view(recipe=found, own_weights=False)

    def _lab_failed(self, error: Exception) -> None:
        raise error

    def ask_recipe_target(self) -> None:
        """Ask for a file and write the recipe there."""
        pick_file(
            self._lab.services.dialog_parent, tr("Save the recipe"),
            (tr("Recipes") + " (*.json)",), SAVE, self.save_recipe, "json", "recipe",
        )  # fmt: skip

    def save_recipe(self, path: str) -> None:
        """Write the recipe so that the command line reads it; the canvas's network by its name."""
        recipe = self._lab.recipe
        if is_own(recipe):
            saved = self._lab.services.saver.path
            model = written_model(self._session.document) or (str(saved) if saved else None)
            if model is None:
                self._session.notifications.post(
                    tr("Save the network first: the recipe names its file."), "warn"
                )
                return
            recipe = replace(recipe, model=model)
        self._write(Path(path), recipe_text(recipe).encode())


def _write_in_folder(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    atomic_file.write(path, (content,))


def _write_all_in_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(exist_ok=True)
    write_all(folder, files.items())


def _read_recipe(path: Path) -> Recipe | Fault:
    try:
        with open_regular(path) as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            return Fault("recipe-not-json")
        return read_recipe(json.loads(content))
    except OSError as error:
        return read_fault(error, path)
    except (ValueError, RecursionError):
        return Fault("recipe-not-json")
