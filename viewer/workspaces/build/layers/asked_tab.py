"""Carries the wish to see a tab of Build's bottom panel to the panel."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

PROBLEMS, REVIEW = 1, 2


class AskedTab(QObject):
    """`asked(number)`: a tab is to be shown."""

    asked = Signal(int)
