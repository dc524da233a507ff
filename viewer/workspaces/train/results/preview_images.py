"""Makes images of held-out pictures at the size of their places, one in each turn of the loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QSize, Qt, QTimer
from PySide6.QtGui import QImage

from analysis.training.process.messages import Previews
from analysis.training.process.step_seen import Pixels
from viewer.override_guard import Guarded
from viewer.workspaces.train.charts.pixels import packed

Row = list[QImage]


class PreviewImages(Guarded, QObject):
    """`shown` are the pictures whose images are whole, `rows` those images as they came.

    Pictures that come later replace them once all of their images are made: until then those
    before stay, of one step. `room()` is the side of a place in device pixels, `changed` is
    called when there is something else to draw.
    """

    def __init__(
        self, room: Callable[[], float], changed: Callable[[], object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._room, self._changed = room, changed
        self.shown: Previews | None = None
        self.rows: list[Row] = []
        self._fitting: dict[int, QImage] = {}
        """Smaller copies, by the identity of the image."""
        self._coming: tuple[Previews, list[list[Pixels]]] | None = None
        self._made: list[Row] = []
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._next)

    def show(self, previews: Previews | None, names: Sequence[str], at_once: bool) -> None:
        """Have those pictures, with what each named network makes of them, at once or soon."""
        if previews is None:
            self._timer.stop()
            self.shown, self.rows, self._coming, self._fitting = None, [], None, {}
            return
        wanted = [[p.given, *(p.seen[name].pixels for name in names), p.wanted]
                  for p in previews.pictures]  # fmt: skip
        self._coming, self._made = (previews, wanted), [[] for _ in wanted]
        self._timer.start()
        while at_once and self._coming is not None:
            self._next()

    def fitting(self, image: QImage, size: QSize) -> QImage | None:
        """The copy of that size in device pixels; None where there is none yet."""
        found = self._fitting.get(image.cacheKey())
        return found if found is not None and found.size() == size else None

    def refit(self) -> None:
        """Places are of another size: make other copies, one after the other."""
        self._fitting = {}
        if self.rows:
            self._timer.start()

    def _next(self) -> None:
        """Make one image, or one copy of those that are shown."""
        if self._coming is None:
            self._fit_next()
            return
        previews, wanted = self._coming
        row = next((at for at, each in enumerate(wanted) if len(self._made[at]) < len(each)), None)
        if row is not None:
            image = packed(wanted[row][len(self._made[row])])
            self._made[row].append(image)
            self._fit(image)
            return
        self.shown, self.rows, self._coming = previews, self._made, None
        kept = {image.cacheKey() for each in self.rows for image in each}
        self._fitting = {key: copy for key, copy in self._fitting.items() if key in kept}
        self._timer.stop()
        self._changed()

    def _fit_next(self) -> None:
        every = [image for row in self.rows for image in row]
        image = next((each for each in every if each.cacheKey() not in self._fitting), None)
        if image is not None:
            self._fit(image)
        else:
            self._timer.stop()
            self._changed()

    def _fit(self, image: QImage) -> None:
        side = max(1, round(self._room()))
        kept, smooth = (
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        self._fitting[image.cacheKey()] = image.scaled(side, side, kept, smooth)
