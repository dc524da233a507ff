"""Names and icons of files in Qt's own file dialog, told by their endings alone."""

from __future__ import annotations

from PySide6.QtCore import QFileInfo
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFileIconProvider

from viewer.override_guard import Guarded
from viewer.text.translation import tr


class FileIcons(Guarded, QFileIconProvider):
    """Answers for a file without opening it.

    Qt's own provider reads the first bytes of every file whose ending it does not know, on the
    GUI thread: where that read never ends, as of `/proc/kmsg`, the window stops for good.
    """

    def icon(self, of: QFileInfo | QFileIconProvider.IconType) -> QIcon:
        """The plain icon of a file or a folder."""
        if isinstance(of, QFileInfo):
            kinds = QFileIconProvider.IconType
            of = kinds.Folder if of.isDir() else kinds.File
        return super().icon(of)

    def type(self, info: QFileInfo) -> str:
        """What the column Type says."""
        if info.isDir():
            return tr("Folder")
        ending = info.suffix().upper()
        return tr("{ending} file", ending=ending) if ending else tr("File")
