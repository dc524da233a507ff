"""The panel Tensor pad: a line about tensors, and what it comes to."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from analysis.tensor_pad.refusal import Refusal
from viewer.controls import NumberBox, PanelTitle, labelled
from viewer.engine.questions.tensor_lines import TensorLines
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.view_state import ViewState
from viewer.text.escaping import menu_text
from viewer.text.translation import mark, say, tr
from viewer.workspaces.learn.tensor_pad.answer_text import AnswerText
from viewer.workspaces.learn.tensor_pad.examples import EXAMPLES
from viewer.workspaces.learn.tensor_pad.line_edit import PadLine
from viewer.workspaces.learn.tensor_pad.model import PadModel
from viewer.workspaces.learn.tensor_pad.state import LARGEST_SEED, PadView
from viewer.workspaces.learn.tensor_pad.views import Views

HEIGHT = 380


class TensorPadPanel(Guarded, QWidget):
    """The line with its history and examples at the top, the answer under it."""

    heightAsked = Signal(int)
    """The height in px that the panel asks the bottom dock for."""
    roomAsked = Signal()
    """The dock is to be unfolded."""

    def __init__(self, session: Session, lines: TensorLines) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("tensor-pad")
        self._session = session
        self.height_asked = HEIGHT
        self.model = PadModel(session, lines, self)
        self.line = PadLine(lambda: (self.model.view.line, *self.model.view.earlier))
        self.line.setObjectName("pad.line")
        self.run_button = QPushButton()
        self.examples = QPushButton()
        self.seed = NumberBox(0, LARGEST_SEED)
        self.words = AnswerText(self.model, session)
        self.views = Views(self.model)
        self._lay_out()
        self.line.ran.connect(self.model.run)
        self.run_button.clicked.connect(lambda: self.model.run(self.line.text()))
        self.seed.valueChanged.connect(self.model.use_seed)
        self.model.answered.connect(self._answered)
        session.viewChanged.connect(self._view_changed)
        self._show()

    def _lay_out(self) -> None:
        say(self, self.run_button.setText, mark("Run"))
        say(self, self.examples.setText, mark("Examples"))
        say(self, self.seed.setAccessibleName, mark("Seed"))
        say(self, self.seed.setToolTip, mark("The same seed gives the same random numbers"))
        self.examples.setProperty("role", "menu")
        self.examples.setMenu(QMenu(self.examples))
        self.examples.menu().aboutToShow.connect(self._fill_examples)
        self.seed.setFixedWidth(84)
        seed = labelled("small")
        say(self, seed.setText, mark("Seed"))
        seed.setBuddy(self.seed)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.line, 1)
        for widget in (self.run_button, self.examples, seed, self.seed):
            top.addWidget(widget)
        inside = QVBoxLayout()
        inside.setContentsMargins(12, 8, 12, 8)
        inside.setSpacing(8)
        inside.addLayout(top)
        inside.addWidget(self.words)
        inside.addWidget(self.views, 1)
        inside.addStretch(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(PanelTitle(mark("Tensor pad")))
        column.addLayout(inside, 1)

    def _fill_examples(self) -> None:
        menu = self.examples.menu()
        menu.clear()
        for line, shows in EXAMPLES:
            action = menu.addAction(f"{menu_text(line)}\t{tr(shows)}")
            action.triggered.connect(lambda _=False, chosen=line: self.begin(chosen))

    def begin(self, line: str) -> None:
        """Put a line into the field and run it."""
        self.line.setModified(False)
        self.model.run(line)
        self.line.setFocus()

    def _answered(self) -> None:
        answer = self.model.answer
        self.line.mark_wrong(answer.span if isinstance(answer, Refusal) else None)
        self.views.setVisible(self.model.tensor is not None)

    def _view_changed(self, before: ViewState, after: ViewState) -> None:
        if before.part(PadView) != after.part(PadView):
            self._show()

    def _show(self) -> None:
        self.line.show_line(self.model.view.line)
        self.seed.set_value(self.model.view.seed)

    def showEvent(self, event: QShowEvent) -> None:
        """The line is run when the panel is first seen."""
        super().showEvent(event)
        self.model.follow()
