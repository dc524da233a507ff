"""Writes the table of all layers, as `fieldglass describe` gives it: CSV, or JSON with the rest."""

from __future__ import annotations

from threading import Event

from analysis.storage import atomic_file
from viewer.files.layer_table import COLUMNS, layer_table
from viewer.shell.commands.export_target import ask_for_target, with_ending
from viewer.text.blueprint_names import network_title
from viewer.text.data_text import as_csv, as_json
from viewer.text.file_faults import not_written
from viewer.text.translation import mark, tr
from viewer.workspaces.services import Services

ROWS, WHOLE = ".csv", ".json"
_TITLE, _ROWS = mark("Export table"), mark("Table (CSV)")


class TableExport:
    """Asks for a place and writes the table off the GUI thread."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def ask(self) -> None:
        """Ask for a place and write the table there, as the ending says."""
        ask_for_target(self._services, tr(_TITLE), tr(_ROWS), ROWS, self.write, ("JSON", WHOLE))

    def write(self, path: str) -> None:
        """Write one line a layer, or with `.json` also totals, sizes and skips."""
        target = with_ending(path, ROWS, WHOLE)
        session = self._services.session
        document, facts, post = session.document, session.facts, session.notifications.post
        called = network_title(document)
        decided = document.source.decided if document.source is not None else ()

        def work(_: Event) -> None:
            shape = facts.shapes.get(document.graph.inputs[0].id, ())
            table = layer_table(facts, called, shape, document.unused_parameters, decided)
            whole = target.suffix == WHOLE
            text = as_json(table) if whole else as_csv(COLUMNS, table["layers"])
            atomic_file.write(target, [text.encode()])

        def failed(error: Exception) -> None:
            if not isinstance(error, OSError):
                raise error
            post(not_written(target, error))

        self._services.background.start(
            work, lambda _: post(tr("The table is in {name}.", name=target.name), "ok"), failed
        )
