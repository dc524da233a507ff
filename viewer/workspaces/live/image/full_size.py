"""Runs the network on the whole picture at its own size, in tiles, and says how far it is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.full_size import FullSize
from analysis.inference.protocol.runs import Frame
from viewer.controls import Section, labelled
from viewer.controls.file_dialog import SAVE, pick_file
from viewer.engine.run_requests import RunRequests
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.input_image.full_size import FullSizeRun
from viewer.text.fault_sentences import fault_sentence
from viewer.text.number_format import decimal, grouped
from viewer.text.translation import language, mark, say, tr

WHY = {
    "memory": mark("Larger ones would cost less and do not fit the memory."),
    "enough": mark("Larger ones would save little."),
}
KINDS = ("PNG (*.png)", "NumPy (*.npy)")


class FullSizeControls(Guarded, QWidget):
    """Hidden while the picture is no larger than the network's input."""

    def __init__(self, session: Session, requests: RunRequests | None) -> None:
        super().__init__()
        self._session, self._requests = session, requests
        self._size: tuple[int, ...] = ()
        self.title = Section(mark("Whole picture"))
        self.start, self.cancel = QPushButton(), QPushButton()
        self.show_picture, self.save = QPushButton(), QPushButton()
        say(self, self.start.setText, "Run in tiles")
        say(
            self,
            self.start.setToolTip,
            "The output for the picture at its own size, piece by piece; together the pieces are "
            "what the network gives at once",
        )
        say(self, self.cancel.setText, "Cancel")
        say(self, self.show_picture.setText, "Show")
        say(self, self.save.setText, "Save…")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.words = labelled("small")
        self.words.setWordWrap(True)
        self._lay_out()
        self.start.clicked.connect(self._start)
        self.cancel.clicked.connect(self._cancel)
        self.show_picture.clicked.connect(self._show_picture)
        self.save.clicked.connect(self._ask_where)
        session.liveChanged.connect(self._show)
        session.pictureChanged.connect(self.show_frame)
        language.changed.connect(self._show)
        self.hide()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.start, self.cancel, self.show_picture, self.save):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.title)
        column.addWidget(self.bar)
        column.addLayout(row)  # over the words, which grow: a button stays where it is
        column.addWidget(self.words)

    @property
    def run(self) -> FullSizeRun:
        """The run as far as it is known."""
        return self._session.live.part(FullSizeRun)

    def show_frame(self, frame: Frame | None) -> None:
        """Offer it where the picture is larger than what the network is given."""
        fit = frame.fit if frame is not None and frame.output_kind != "none" else None
        larger = fit is not None and any(
            own > given for own, given in zip(fit.original, fit.network, strict=True)
        )
        self._size = fit.original if fit is not None and larger else ()
        self._show()

    def _show(self, *_: object) -> None:
        run, newest = self.run, self.run.newest
        buttons = (self.cancel, self.show_picture, self.start, self.save)
        had_focus = self.window().focusWidget() in buttons
        self.setVisible(bool(self._size) or run.job > 0)
        self.title.right.setText(" × ".join(map(grouped, reversed(self._size))))
        done = newest is not None and newest.is_done
        self._show_bar(run)
        self.start.setVisible(not run.is_running and not done)
        self.cancel.setVisible(run.is_running or run.is_saving)
        for button in (self.show_picture, self.save):
            button.setVisible(done and not run.is_running and not run.is_saving)
        said = self._said(run)
        self.words.setText(said)
        self.words.setVisible(bool(said))
        if done and run.of != self._session.picture_key:
            self.start.show()
        if had_focus and self.window().focusWidget() not in buttons:
            # Qt has given it to whatever comes next; who has pressed one of them goes on here.
            next((each for each in buttons if not each.isHidden()), self).setFocus()

    def _show_bar(self, run: FullSizeRun) -> None:
        newest = run.newest
        self.bar.setVisible(run.is_running or run.is_saving)
        if run.is_saving:
            self.bar.setRange(0, 100)
            self.bar.setValue(newest.packed if newest is not None else 0)
        else:
            self.bar.setRange(0, newest.total if newest is not None else 0)
            self.bar.setValue(newest.done if newest is not None else 0)

    def _said(self, run: FullSizeRun) -> str:
        newest = run.newest
        if run.fault is not None:
            return fault_sentence(run.fault)
        if newest is None:
            return tr("Reading the picture …") if run.is_running else ""
        if run.is_running:
            far = tr("Tile {done} of {total}.", done=newest.done, total=newest.total)
            return _joined(far, tile_words(newest))
        if run.is_saving:
            return tr("Packing the file: {n} %.", n=newest.packed)
        return _joined(self._quality(newest), _bad(newest), _tiles(newest), self._age(run))

    def _quality(self, newest: FullSize) -> str:
        if newest.psnr_out is None:
            return ""
        if newest.psnr_in is None:
            return tr("PSNR against the image: {n} dB.", n=decimal(newest.psnr_out))
        return tr(
            "PSNR against the image: {n} dB, from {given} dB in.",
            n=decimal(newest.psnr_out),
            given=decimal(newest.psnr_in),
        )

    def _age(self, run: FullSizeRun) -> str:
        return tr("The settings have changed since.") if run.of != self._session.picture_key else ""

    # ---------------------------------------------------------------- mouse and keys

    def _start(self) -> None:
        if self._requests is not None:
            self._requests.run_full_size()

    def _cancel(self) -> None:
        if self._requests is None:
            return
        if self.run.is_saving:
            self._requests.cancel_save()
        else:
            self._requests.cancel_full_size()

    def _show_picture(self) -> None:
        from viewer.workspaces.live.image.full_size_view import FullSizeView

        if self.run.newest is not None and self.run.newest.picture is not None:
            FullSizeView(self.run.newest, self.window()).show()

    def _ask_where(self) -> None:
        pick_file(self, tr("Save the output"), KINDS, SAVE, self.save_as, suffix="png")

    def save_as(self, path: str) -> None:
        """Write the whole output as .png or .npy; a notice says how it went."""
        post = self._session.notifications.post

        def tell(answer: FullSize | EngineFailure) -> None:
            if isinstance(answer, EngineFailure):
                post(fault_sentence(answer.fault))
            else:
                post(tr("It is in {name}.", name=Path(path).name), "ok")

        if self._requests is not None:
            self._requests.save_full_size(path, tell)


def _bad(newest: FullSize) -> str:
    if not newest.not_finite:
        return ""
    return tr("{n} values are NaN or infinite.", n=grouped(newest.not_finite))


def _tiles(newest: FullSize) -> str:
    seconds = decimal(newest.seconds)
    if newest.total == 1:
        return tr("In one piece, {seconds} s.", seconds=seconds)
    count = tr("{n} tiles, {seconds} s.", n=newest.total, seconds=seconds)
    return _joined(count, tile_words(newest))


def tile_words(newest: FullSize) -> str:
    """How large tiles are, how far the output sees, and why they are not smaller or larger."""
    if newest.total <= 1:
        return ""
    said = tr(
        "Tiles of {side} px overlap, as the output sees {reach} px to each side: the picture is "
        "computed {work} times.",
        side=newest.tile,
        reach=newest.reach,
        work=decimal(newest.work),
    )
    why = WHY.get(newest.why)
    return _joined(said, tr(why)) if why is not None else said


def _joined(*sentences: str) -> str:
    return language.row.space.join(filter(None, sentences))
