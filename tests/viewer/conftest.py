"""What every test of the viewer shares."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication


@pytest.fixture(scope="session", autouse=True)
def application(qapp: QApplication) -> QApplication:
    """A whole QApplication before anything makes do with less.

    A sub-command run in this process would make a QGuiApplication, and widgets of later tests
    could then not be.
    """
    return qapp
