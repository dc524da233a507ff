"""The commands of Build: names, groups, and alignment of what is selected."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from viewer.session import Session
from viewer.session.command import Command, separator
from viewer.session.edits import align, groups, shared_weights
from viewer.text.translation import mark, tr

ONE = mark("Select a block first: click it.")
SEVERAL = mark("Select several blocks first: drag a rectangle round them.")
GROUP = mark("Select a group first: click it.")
ALIKE = mark("Select several operators first whose weights have the same shapes.")
SHARING = mark("Select an operator first that shares its weights with others.")


def build_commands(session: Session) -> tuple[Command, ...]:
    """The rows of the menu Edit that Build adds."""

    def row(
        name: str,
        title: str,
        run: Callable[[Session], bool],
        unless: str,
        *keys: str,
        under: str = "",
    ) -> Command:
        act = partial(_or_say, session, run, unless)
        return Command(name, title, act, "edit", keys, under=under)

    aligned = (
        row(f"align-{side}", title, partial(_align, side), SEVERAL, under=mark("Align"))
        for side, title in align.TITLES.items()
    )
    return (
        separator("edit"),
        row("rename", mark("Rename"), groups.begin_rename, ONE, "F2"),
        row("group", mark("Group"), groups.group_selected, ONE, "Ctrl+G"),
        row("ungroup", mark("Ungroup"), groups.ungroup_selected, GROUP, "Ctrl+Shift+G"),
        row("collapse", mark("Collapse the group"), groups.collapse_selected, ONE),
        row("expand", mark("Expand the group"), groups.expand_selected, GROUP),
        row("share-weights", mark("Share weights"), shared_weights.share, ALIKE),
        row("own-weights", mark("Make weights its own"), shared_weights.make_selected_own, SHARING),
        separator("edit"),
        *aligned,
    )


def _align(side: align.Side, session: Session) -> bool:
    return align.align(session, side)


def _or_say(session: Session, run: Callable[[Session], bool], unless: str) -> None:
    if not run(session):
        session.notifications.refuse(tr(unless))
