"""The values of the case: each array filled anew by one click, or typed into the pictures."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from analysis.arithmetic.example import Part
from viewer.controls import Section, labelled
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.arithmetic.case.fill_button import FillButton
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.model.scene_model import SceneModel

NAME_WIDTH = 48
ARRAYS: tuple[tuple[Part, str], ...] = (
    ("input", mark("Input")),
    ("kernel", mark("Kernel")),
    ("bias", mark("Bias")),
    ("gradient", mark("∂y")),
)
FILLS = {
    "random": mark("{array}: random"),
    "ramp": mark("{array}: ramp"),
    "impulse": mark("{array}: impulse"),
    "checkerboard": mark("{array}: checkerboard"),
    "ones": mark("{array}: ones"),
}
HINTS = {
    "random": mark("Random: small whole numbers, others at every click."),
    "ramp": mark("Ramp: 1, 2, 3 and so on, row by row."),
    "impulse": mark("Impulse: one 1 in the middle, 0 elsewhere."),
    "checkerboard": mark("Checkerboard: 1 and 0 in turn."),
    "ones": mark("Ones: 1 in every cell."),
}
IMAGE = mark("{array}: from the image")
IMAGE_HINT = mark("From the image: its grey levels from 0 to 255, averaged down to the input.")


class _Row(Guarded, QWidget):
    """One array: its name, then a button for each fill."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.buttons: dict[str, FillButton] = {}
        caption = labelled("muted")
        caption.setFixedWidth(NAME_WIDTH)
        say(self, caption.setText, name)
        self._across = QHBoxLayout(self)
        self._across.setContentsMargins(0, 0, 0, 0)
        self._across.setSpacing(4)
        self._across.addWidget(caption)
        self._across.addStretch(1)

    def add(self, fill: str, button: FillButton) -> None:
        """One more way to fill it."""
        self.buttons[fill] = button
        self._across.insertWidget(self._across.count() - 1, button)


class FillsPart(Guarded, QWidget):
    """A row for each array that the case has; that of ∂y while the backward pass is shown."""

    def __init__(self, model: SceneModel) -> None:
        super().__init__()
        self._model = model
        self._clicks = 0
        self.rows: dict[Part, _Row] = {part: self._row(part, name) for part, name in ARRAYS}
        self.image = FillButton("image", mark("Input"), IMAGE, IMAGE_HINT)
        self.image.setIcon(icon("image", "text"))
        self.image.clicked.connect(lambda *_: self._use_image())
        self.rows["input"].add("image", self.image)
        self.missing = labelled("caption")
        self.missing.setWordWrap(True)
        self.hint = labelled("caption")
        self.hint.setWordWrap(True)
        say(self, self.hint.setText, "Click a cell in the pictures and type to change its number.")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (Section(mark("Values")), *self.rows.values(), self.missing, self.hint):
            column.addWidget(widget)
        model.session.frameReady.connect(self._offer_image)
        model.session.documentChanged.connect(self._offer_image)
        language.changed.connect(self._offer_image)
        self._offer_image()

    def _row(self, part: Part, name: str) -> _Row:
        row = _Row(name)
        for fill, text in FILLS.items():
            if part == "bias" and fill in ("impulse", "checkerboard"):
                continue
            button = FillButton(fill, name, text, HINTS[fill])
            button.clicked.connect(lambda *_, fill=fill: self._fill(part, fill))
            row.add(fill, button)
        return row

    def _fill(self, part: Part, fill: str) -> None:
        self._clicks += 1  # also the seed: no two clicks give the same numbers
        edits.fill(self._model, part, fill, self._clicks)

    def _use_image(self) -> None:
        frame = self._model.session.frame
        if frame is not None:
            edits.use_image(self._model, frame.clean)

    def show_case(self) -> None:
        """Show the rows of the arrays there are."""
        model = self._model
        case = model.possible.case
        shown: Mapping[Part, bool] = {
            "input": True,
            "kernel": case.kind != "pool",
            "bias": case.bias,
            "gradient": model.view.backward,
        }
        for part, row in self.rows.items():
            row.setVisible(shown[part])

    def _offer_image(self, *_: object) -> None:
        image, frame = self._model.session.document.image, self._model.session.frame
        there = image is not None and frame is not None and frame.image_hash == image.hash
        self.image.setEnabled(there)
        if there:
            said = ""
        elif image is None:
            said = tr("No image is open, so the input cannot be filled from it.")
        else:
            said = tr("The image can fill the input once the network has run on it.")
        self.missing.setText(said)
        self.missing.setVisible(bool(said))
