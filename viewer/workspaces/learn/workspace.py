"""The workspace Learn: the list of lessons and the glossary; a lesson runs in all workspaces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from viewer.session import Session
from viewer.session.canvas_mode import CanvasMode
from viewer.session.command import Command
from viewer.session.lesson_scene import LessonScene
from viewer.session.workspace import Contents, DockPanel, Workspace
from viewer.text.blueprint_names import network_title
from viewer.text.translation import mark, tr
from viewer.workspaces.learn.tensor_pad.state import PadView
from viewer.workspaces.services import Services

if TYPE_CHECKING:
    from viewer.workspaces.learn.course import Course
    from viewer.workspaces.learn.ring import Ring
    from viewer.workspaces.learn.strip import LessonStrip


class LearnParts:
    """What Learn's panels, strip and commands share; each is made when it is first needed."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @cached_property
    def course(self) -> Course:
        """The lesson under way."""
        from viewer.workspaces.learn.course import Course

        return Course(self._services, self._services.dialog_parent)

    @cached_property
    def ring(self) -> Ring:
        """The ring around the control of the step."""
        from viewer.workspaces.learn.ring import Ring

        return Ring(self.course, self._services.session, self._services.dialog_parent)

    def strip(self) -> LessonStrip:
        """The strip of the lesson, with the ring and the popup that go with it."""
        from viewer.workspaces.learn.strip import LessonStrip
        from viewer.workspaces.learn.term_card import TermPopup

        strip = LessonStrip(self.course, self._services.session)
        TermPopup(self.course, strip)
        assert self.ring is not None
        return strip

    def open(self, folder: str) -> None:
        """Begin the lesson of a folder."""
        self.course.open(folder)

    def go_on(self) -> None:
        """The next step of the lesson under way."""
        self.course.go_on()

    def go_back(self) -> None:
        """The step before."""
        self.course.go_back()

    def show_me(self) -> None:
        """Do what the step asks for."""
        self.course.show_me()

    def go_to_control(self) -> None:
        """Give the keyboard to the control of the step."""
        self.ring.focus_target()

    def panel(self, make: Callable[[Course], QWidget]) -> QWidget:
        """A panel that is given the course."""
        return make(self.course)


@dataclass(frozen=True)
class LearnContents(Contents):
    """The panels and commands for one window, and what they share."""

    parts: LearnParts | None = None


def contents(services: Services) -> LearnContents:
    """The panels and commands for one window."""
    parts = LearnParts(services)
    services.opener.lessonFound.connect(parts.open)
    return LearnContents(
        panels=(
            DockPanel("left", partial(_lessons, parts), 360, 320),
            DockPanel("right", partial(_glossary, parts), 340, 300),
            DockPanel("bottom", partial(_tensor_pad, services)),
        ),
        commands=(
            Command("lesson-next", mark("Next step of the lesson"), parts.go_on,
                    "help", ("F8",)),
            Command("lesson-back", mark("Step before in the lesson"),
                    parts.go_back, "help", ("Shift+F8",)),
            Command("lesson-control", mark("Go to the control of the lesson"),
                    parts.go_to_control, "help", ("F7",)),
            Command("lesson-show", mark("Show me, in the lesson"),
                    parts.show_me, "help", ("Shift+F7",)),
            Command("tensor-pad", mark("Tensor pad"),
                    partial(_go_to_pad, services), "view", ("Ctrl+T",)),
        ),
        load=_read_lessons,
        strip=parts.strip,
        parts=parts,
    )  # fmt: skip


def _read_lessons() -> Iterator[object]:
    """Read the lessons that come with the program, one for each item: the list tells of all."""
    from analysis.lessons.folder import shipped, shipped_names

    return (shipped(name) for name in shipped_names())


def _lessons(parts: LearnParts) -> QWidget:
    from viewer.workspaces.learn.lesson_list import LessonList

    return parts.panel(LessonList)


def _glossary(parts: LearnParts) -> QWidget:
    from viewer.workspaces.learn.glossary_panel import GlossaryPanel

    return parts.panel(GlossaryPanel)


def _tensor_pad(services: Services) -> QWidget:
    from viewer.workspaces.learn.tensor_pad.panel import TensorPadPanel

    return TensorPadPanel(services.session, services.tensor_lines)


def _go_to_pad(services: Services) -> None:
    """Show the tensor pad, with the keyboard at its line."""
    services.session.set_view(workspace="learn", panels_hidden=False)
    line = services.dialog_parent.findChild(QWidget, "pad.line")
    if line is not None:
        line.setFocus()


def heading(session: Session) -> tuple[str, str]:
    """Title: what network it is. Fact: where to begin, while no lesson is under way."""
    title = network_title(session.document)
    if session.live.part(LessonScene).number:
        return title, ""
    return title, tr("Choose a lesson; it brings a network of its own.")


LEARN: Workspace[Session, Services] = Workspace(
    key="learn",
    title=mark("Learn"),
    shortcut="Ctrl+6",
    canvas=CanvasMode(heading=heading, strip=True),
    contents=contents,
    other="lessons course tutorial glossary 课程 教程 术语",
    view_parts=(PadView,),
)
