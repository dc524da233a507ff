"""The value of one further input of the network: typed, or read from a file, undoably."""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import Any

from shiboken6 import isValid

from analysis.faults import Fault
from analysis.graph.given_values import value_of_text
from analysis.inference.network_input.given_file import value_from
from analysis.operators import Given
from viewer.controls.file_dialog import OPEN, pick_file
from viewer.controls.value_row import ValueRow
from viewer.files.file_kinds import IMAGES, VOLUMES
from viewer.session import Session
from viewer.session.background_jobs import Job
from viewer.session.edits.ends import give_value
from viewer.text.block_names import block_name
from viewer.text.fault_sentences import fault_sentence
from viewer.text.number_format import grouped, times
from viewer.text.translation import tr

LONGEST = 120
"""Characters of a value that still stand on a line."""


class GivenInputRow(ValueRow):
    """Shows and changes the value of the operator of that id, which must be a `Given`."""

    def __init__(self, session: Session, name: str) -> None:
        super().__init__(block_name(name))
        self._session = session
        self._id = name
        self._job: Job[Any] | None = None
        self.typed.connect(self._type)
        self.fileAsked.connect(self._ask_file)
        self.show_input()

    def read(self, path: str) -> None:
        """Give the input the numbers of a .npy file or a picture, which is read on a worker."""
        background, operator = self._session.background, self._operator()
        if background is None:
            self._take(value_from(self._id, Path(path), operator))
            return
        if self._job is not None:
            self._job.cancel()
        self._job = background.start(
            lambda _: value_from(self._id, Path(path), operator),
            self._take,
            lambda _: self._take(Fault("input-file", (self._id, Path(path).name))),
        )

    def _take(self, found: object) -> None:
        if not isValid(self) or self._id not in self._session.document.graph:
            return  # another network, or another selection, has taken its place meanwhile
        if isinstance(found, Fault):
            self.show_fault(fault_sentence(found))
        else:
            self._give(found)

    def show_input(self) -> None:
        """The value as it is now."""
        operator = self._operator()
        text = operator.text()
        long = operator.stored or len(text) > LONGEST
        size = times(operator.size) if operator.size else "1"
        count = grouped(prod(operator.size))
        instead = tr("{count} numbers", count=count) if long else ""
        self.show_value("" if long else text, f"{size} · {operator.dtype}", instead)

    def _operator(self) -> Given:
        operator = self._session.document.graph[self._id].operator
        assert isinstance(operator, Given)
        return operator

    def _type(self, text: str) -> None:
        try:
            value = value_of_text(text)
        except ValueError:
            size = self._operator().size or (1,)
            self.show_fault(fault_sentence(Fault("input-value", (self._id, text[:40], size))))
            return
        self._give(value)

    def _ask_file(self) -> None:
        title = tr("Read {name} from a file", name=block_name(self._id))
        endings = " ".join(f"*{ending}" for ending in (*IMAGES, *VOLUMES))
        pattern = tr("Numbers and pictures ({endings})", endings=endings)
        pick_file(self, title, (pattern,), OPEN, self.read)

    def _give(self, value: object) -> None:
        fault = give_value(self._session, self._id, value)
        if fault is not None:
            self.show_fault(fault_sentence(fault))
