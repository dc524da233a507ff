"""The links of a lesson's text by the keyboard, and the popup that they open."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from viewer.workspaces.learn.link_label import LinkLabel
from viewer.workspaces.learn.term_card import TermPopup

from .test_course import strip_of


def test_tab_is_at_the_first_link_at_once(lesson):
    lesson.course.begin_shipped("receptive-field")
    QApplication.processEvents()
    text, popup = strip_of(lesson).text, lesson.window.findChild(TermPopup)
    text.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(text, Qt.Key.Key_Return)
    assert popup.isVisible()
    assert popup.card.term.key == "unit"
    assert popup.height() == popup.layout().totalHeightForWidth(popup.width())
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()


def test_tab_passes_a_text_without_links(qtbot):
    label = LinkLabel()
    qtbot.addWidget(label)
    assert label.focusPolicy() == Qt.FocusPolicy.NoFocus
    label.setText('<p>a <a href="term:unit">unit</a></p>')
    assert label.focusPolicy() & Qt.FocusPolicy.TabFocus
    label.setText("<p>none</p>")
    assert label.focusPolicy() == Qt.FocusPolicy.NoFocus
