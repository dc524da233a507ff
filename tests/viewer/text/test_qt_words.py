"""What Qt itself writes follows the language, in letters that the bundled font has."""

from __future__ import annotations

from importlib.resources import files

from fontTools.ttLib import TTFont
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QColorDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QTreeView,
    QWidget,
)

from viewer.controls.file_dialog import SAVE, pick_file, pick_folder
from viewer.text.translation import language


def words(widget: QWidget) -> list[str]:
    """The texts that buttons, labels and menus of a widget show."""
    kinds = (QAbstractButton, QLabel, QAction)
    shown = [each for kind in kinds for each in widget.findChildren(kind)]
    return [text for each in shown if (text := each.text()).strip("&.- #…") and len(text) > 2]


def dialogs(qtbot) -> list[QWidget]:
    owner, box, field = QWidget(), QMessageBox(), QLineEdit()
    for each in (owner, box, field):
        qtbot.addWidget(each)
    pick_file(owner, "", ("*.svg",), SAVE, print)
    pick_folder(owner, "", print)
    QColorDialog(owner)
    box.setStandardButtons(QMessageBox.StandardButton.Cancel | QMessageBox.StandardButton.Ok)
    return [owner, box, field, field.createStandardContextMenu()]


def test_qt_s_own_words_follow_the_language(qtbot):
    file = QFileDialog()
    file.setOption(QFileDialog.Option.DontUseNativeDialog)
    qtbot.addWidget(file)
    box = file.findChild(QDialogButtonBox)
    cancel = box.button(QDialogButtonBox.StandardButton.Cancel)
    english = cancel.text()
    assert english in ("Cancel", "&Cancel")
    language.use("zh_CN")
    QCoreApplication.sendPostedEvents()
    assert "取消" in cancel.text(), "a dialog that is open follows"
    field = QLineEdit(file)
    assert field.createStandardContextMenu().actions()[0].text().startswith("撤消")
    listed = file.findChild(QTreeView).model()
    heads = [listed.headerData(i, Qt.Orientation.Horizontal) for i in range(4)]
    assert heads == ["名称", "大小", "类型", "修改日期"]  # Qt's own has 体积, volume, for a size
    language.use("en")
    QCoreApplication.sendPostedEvents()
    assert cancel.text() == english
    assert QCoreApplication.translate("QFileDialog", "Look in:") == "Look in:"


def test_no_english_is_left_in_qt_s_dialogs_and_every_letter_can_be_drawn(qtbot):
    language.use("zh_CN")
    shown = [text for each in dialogs(qtbot) for text in words(each)]
    chinese = [text for text in shown if any("一" <= letter <= "鿿" for letter in text)]
    assert len(chinese) > 20
    letters = {letter for text in chinese for letter in text if "一" <= letter <= "鿿"}
    font = files("assets").joinpath("fonts/FieldglassSansSC-Regular.otf")
    assert letters <= {chr(code) for code in TTFont(str(font)).getBestCmap()}
    assert {text for text in shown if text not in chinese and "HTML" not in text} == set()
