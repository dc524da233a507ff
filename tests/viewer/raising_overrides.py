"""Lets Qt call overrides that raise: `raising_overrides.py KIND`.

Run in a process of its own, since what is tried has ended it. Prints each override before Qt is
made to call it, and at its end the names of all that raised, as JSON.
"""

import json
import sys
from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QMimeData,
    QModelIndex,
    QObject,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    QSortFilterProxyModel,
    Qt,
    QTimer,
    QTranslator,
)
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QEnterEvent,
    QFocusEvent,
    QIcon,
    QIconEngine,
    QImage,
    QInputMethodQueryEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QShowEvent,
    QStandardItem,
    QStandardItemModel,
    QUndoCommand,
    QUndoStack,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QFileDialog,
    QFileIconProvider,
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QLayout,
    QSpinBox,
    QStyledItemDelegate,
    QTreeView,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import delete

from viewer.override_guard import Guarded

ERRORS: dict[str, Callable[[], object]] = {
    "IndexError": lambda: ()[:0][0],
    "ZeroDivisionError": lambda: 1 / 0,
    "ValueError": lambda: round(float("nan")),
    "OverflowError": lambda: int(float("inf")),
    "AttributeError": lambda: None.x,
}

raised: list[str] = []
reported: list[str] = []


def paint_elsewhere() -> None:
    """Leave a painter open on an image that the frame lets go of first."""
    image = QImage(9, 9, QImage.Format.Format_ARGB32_Premultiplied)
    brush = QPainter(image)
    brush.fillRect(image.rect(), Qt.GlobalColor.red)
    ERRORS[sys.argv[1]]()


def raising(name: str) -> Callable[..., object]:
    def method(self: object, *arguments: object) -> object:
        raised.append(name)
        if name == "paintEvent":
            painter = QPainter(self)  # left open by what comes next
            assert painter.isActive()
        if name.startswith("paint"):
            paint_elsewhere()
        return ERRORS[sys.argv[1]]()

    return method


def raising_class(base: type, *names: str, **others: object) -> type:
    """A guarded subclass of a Qt class, whose methods `names` raise."""
    methods = {name: raising(name) for name in names}
    return type(f"Raising{base.__name__}", (Guarded, base), {**methods, **others})


def undo_commands() -> None:
    make = raising_class(QUndoCommand, "redo", "undo", "mergeWith", id=lambda self: 7)
    stack = QUndoStack()
    stack.push(make("first"))
    stack.push(make("second"))
    stack.undo()
    stack.push(raising_class(QUndoCommand, "id")("third"))
    stack.push(make("fourth"))
    assert stack.count() == 3


def events() -> dict[str, QEvent]:
    none, left, here = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton, QPointF(5, 5)
    copy, data = Qt.DropAction.CopyAction, QMimeData()
    events.data = data  # Qt's drag events do not keep it
    mouse = {
        "mousePressEvent": QEvent.Type.MouseButtonPress,
        "mouseMoveEvent": QEvent.Type.MouseMove,
        "mouseReleaseEvent": QEvent.Type.MouseButtonRelease,
        "mouseDoubleClickEvent": QEvent.Type.MouseButtonDblClick,
    }
    return {
        **{name: QMouseEvent(kind, here, here, left, left, none) for name, kind in mouse.items()},
        "keyPressEvent": QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, none, "a"),
        "keyReleaseEvent": QKeyEvent(QEvent.Type.KeyRelease, Qt.Key.Key_A, none, "a"),
        "wheelEvent": QWheelEvent(
            here, here, QPoint(), QPoint(0, 120), left, none, Qt.ScrollPhase.NoScrollPhase, False
        ),
        "enterEvent": QEnterEvent(here, here, here),
        "leaveEvent": QEvent(QEvent.Type.Leave),
        "focusInEvent": QFocusEvent(QEvent.Type.FocusIn),
        "focusOutEvent": QFocusEvent(QEvent.Type.FocusOut),
        "changeEvent": QEvent(QEvent.Type.FontChange),
        "showEvent": QShowEvent(),
        "resizeEvent": QResizeEvent(QSize(9, 9), QSize(1, 1)),
        "closeEvent": QCloseEvent(),
        "dragEnterEvent": QDragEnterEvent(QPoint(5, 5), copy, data, left, none),
        "dragMoveEvent": QDragMoveEvent(QPoint(5, 5), copy, data, left, none),
        "dragLeaveEvent": QDragLeaveEvent(),
        "dropEvent": QDropEvent(here, copy, data, left, none),
    }


def widgets() -> None:
    sent = events()
    widget = raising_class(QWidget, *sent, "paintEvent", "sizeHint", "minimumSizeHint")()
    widget.setAcceptDrops(True)
    widget.adjustSize()
    widget.resize(30, 30)
    widget.show()
    widget.updateGeometry()
    QApplication.processEvents()
    for _ in range(3):
        widget.grab()
        widget.repaint()
    for event in sent.values():
        QApplication.sendEvent(widget, event)
    target = raising_class(
        QWidget, "dropEvent", dragEnterEvent=lambda self, event: event.accept()
    )()
    target.setAcceptDrops(True)
    for name in ("dragEnterEvent", "dropEvent"):  # Qt drops only where an entry was accepted
        QApplication.sendEvent(target, sent[name])
    tall = raising_class(QWidget, "heightForWidth", hasHeightForWidth=lambda self: True)()
    column = QVBoxLayout(holder := QWidget())
    column.addWidget(tall)
    column.addWidget(raising_class(QWidget, "minimumSizeHint", "hasHeightForWidth")())
    holder.show()
    column.heightForWidth(9)
    all_events = raising_class(QWidget, "event")()
    all_events.show()
    QApplication.processEvents()
    holder.hide()
    widget.close()
    all_events.hide()


def buttons_and_dialogs() -> None:
    button = raising_class(
        QAbstractButton, "nextCheckState", "setText", "setAccessibleName", "paintEvent"
    )()
    button.setText("a")
    button.setAccessibleName("a")
    button.show()
    button.click()
    dialog = raising_class(QDialog, "reject")()
    dialog.show()
    QApplication.sendEvent(
        dialog, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    )
    dialog.hide()
    button.hide()


def filters() -> None:
    widget = QWidget()
    watcher = raising_class(QObject, "eventFilter")()
    widget.installEventFilter(watcher)
    widget.show()
    QApplication.processEvents()
    widget.removeEventFilter(watcher)


def graphics() -> None:
    def box(self: object) -> QRectF:
        return QRectF(0, 0, 9, 9)

    scene = raising_class(QGraphicsScene, "drawBackground", "drawForeground", "mousePressEvent")()
    scene.addItem(painted := raising_class(QGraphicsItem, "paint", "shape", boundingRect=box)())
    scene.addItem(unbound := raising_class(QGraphicsItem, "boundingRect", paint=lambda *_: None)())
    view = raising_class(QGraphicsView, "scrollContentsBy", "mouseMoveEvent")(scene)
    view.resize(50, 50)
    view.setSceneRect(0, 0, 500, 500)
    view.show()
    view.grab()
    scene.itemAt(QPointF(4, 4), view.transform())
    view.horizontalScrollBar().setValue(20)
    for name, event in events().items():
        if name in {"mousePressEvent", "mouseMoveEvent"}:
            QApplication.sendEvent(view.viewport(), event)
    asked = raising_class(QGraphicsView, "inputMethodQuery")(scene)
    for query in (Qt.InputMethodQuery.ImCursorRectangle, Qt.InputMethodQuery.ImEnabled):
        event = QInputMethodQueryEvent(query)
        QApplication.sendEvent(asked, event)
    asked.setScene(None)
    deaf = raising_class(QGraphicsView, "viewportEvent")(scene)
    deaf.show()
    QApplication.processEvents()
    picture = QImage(20, 20, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(picture)
    scene.render(painter)
    painter.end()
    for shown in (view, deaf):
        shown.hide()
        shown.setScene(None)
    assert painted.scene() is unbound.scene() is scene


def models() -> None:
    names = ("data", "headerData", "index", "parent", "flags", "rowCount", "columnCount")

    def at(self: QAbstractItemModel, row: int, column: int, _: object = None) -> QModelIndex:
        return self.createIndex(row, column)

    def no_parent(self: object, _: object = None) -> QModelIndex:
        return QModelIndex()

    def two(self: object, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 2

    cells = raising_class(
        QAbstractItemModel, *names[:2], "flags", index=at, parent=no_parent, rowCount=two,
        columnCount=two,
    )()  # fmt: skip
    for model in (cells, raising_class(QAbstractItemModel, *names)()):
        tree = QTreeView()
        tree.setModel(model)
        tree.show()
        tree.grab()
        tree.expandAll()
        QApplication.processEvents()
        tree.hide()
    rootless = raising_class(QAbstractItemModel, "index", "parent")()
    for found in (cells.index(0, 0), rootless.createIndex(0, 0)):
        found.parent(), found.sibling(1, 0)
    items = QStandardItemModel()
    for text in "bca":
        items.appendRow(QStandardItem(text))
    listed = QTreeView()
    listed.setItemDelegate(raising_class(QStyledItemDelegate, "initStyleOption")(listed))
    listed.setModel(items)
    listed.show()
    listed.grab()
    listed.hide()
    sorting = raising_class(QSortFilterProxyModel, "lessThan", "filterAcceptsRow")()
    sorting.setSourceModel(items)
    ordered = raising_class(QSortFilterProxyModel, "lessThan")()
    ordered.setSourceModel(items)
    ordered.sort(0)
    assert ordered.rowCount() == 3


def spin_boxes() -> None:
    box = raising_class(
        QSpinBox, "validate", "fixup", "stepBy", "stepEnabled", "textFromValue", "valueFromText"
    )()
    box.show()
    box.setValue(3)
    box.lineEdit().setText("12")
    box.interpretText()
    for key in (Qt.Key.Key_Up, Qt.Key.Key_5, Qt.Key.Key_Return):
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "5")
        QApplication.sendEvent(box, event)
    incomplete = raising_class(QSpinBox, "fixup")()
    incomplete.lineEdit().setText("")
    incomplete.interpretText()
    stepping = raising_class(QSpinBox, "stepBy")()
    QApplication.sendEvent(
        stepping, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier)
    )
    box.grab()
    box.hide()


def layouts() -> None:
    names = (
        "addItem", "count", "itemAt", "takeAt", "sizeHint", "minimumSize", "setGeometry",
        "expandingDirections", "hasHeightForWidth", "heightForWidth",
    )  # fmt: skip
    holder = QWidget()
    layout = raising_class(QLayout, *names)(holder)
    layout.addWidget(QWidget())
    holder.show()
    holder.resize(90, 90)
    layout.setGeometry(QRect(0, 0, 9, 9))
    layout.itemAt(0), layout.takeAt(0), layout.heightForWidth(5)
    layout.expandingDirections(), layout.count(), layout.minimumSize()
    layout.activate()
    holder.grab()
    holder.hide()


def icons() -> None:
    icon = QIcon(raising_class(QIconEngine, "paint", "pixmap", "clone")())
    assert icon.pixmap(9, 9).isNull()
    canvas = QImage(9, 9, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(canvas)
    icon.paint(painter, QRect(0, 0, 9, 9))
    painter.end()
    copy = QIcon(icon)
    copy.addFile("nothing.png")  # detaches, which clones the engine
    del icon, copy
    provider = raising_class(QFileIconProvider, "icon", "type")()
    dialog = QFileDialog()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setIconProvider(provider)
    dialog.show()
    while not {"icon", "type"} <= set(raised):
        QApplication.processEvents()
    dialog.close()
    delete(dialog)  # waits for its thread, which asks the provider; else both end with the program


def translators() -> None:
    empty = raising_class(QTranslator, "isEmpty")()
    QApplication.installTranslator(empty)
    full = raising_class(QTranslator, "translate", isEmpty=lambda self: False)()
    assert QApplication.installTranslator(full)
    assert QApplication.translate("QDialog", "Close") == "Close"
    for each in (empty, full):
        QApplication.removeTranslator(each)


def slots() -> None:
    QTimer.singleShot(0, lambda: raising("slot")(None))
    while "slot" not in raised:
        QApplication.processEvents()


def main() -> None:
    application = QApplication([])
    sys.excepthook = lambda kind, error, trace: reported.append(kind.__name__)
    for part in (
        undo_commands, widgets, buttons_and_dialogs, filters, graphics, models, spin_boxes,
        layouts, icons, translators, slots,
    ):  # fmt: skip
        print(part.__name__, flush=True)
        part()
    application.processEvents()
    assert len(reported) == len(raised), (len(reported), len(raised))
    assert set(reported) == {sys.argv[1]}
    print(json.dumps(sorted(set(raised))))


if __name__ == "__main__":
    main()
