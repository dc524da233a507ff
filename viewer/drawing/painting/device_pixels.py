"""Aligns painting to whole device pixels under any scale, offset or redirection of a painter."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QTransform

EXACT = 1e-9


@dataclass(frozen=True)
class DevicePixels:
    """How a painter maps: to device px, and from there to what it paints without a transform.

    The second is not the identity: windows have a pixel ratio, and widgets paint into the
    picture of their window at an offset that no transform of the painter shows.
    """

    to_device: QTransform
    from_device: QTransform

    @classmethod
    def of(cls, painter: QPainter) -> DevicePixels:
        """How it maps now."""
        to_device = painter.deviceTransform()
        world, _ = painter.worldTransform().inverted()
        from_device, _ = (world * to_device).inverted()
        if abs(from_device.m11() - 1.0) < EXACT and abs(from_device.m22() - 1.0) < EXACT:
            # Without the noise of the inversion images are copied, not stretched by nothing.
            left, top = round(from_device.dx(), 6), round(from_device.dy(), 6)
            from_device = QTransform.fromTranslate(left, top)
        return cls(to_device, from_device)

    @property
    def upright(self) -> bool:
        """Whether rectangles stay rectangles."""
        return not (self.to_device.m12() or self.to_device.m21())

    def snapped(self, rect: QRectF) -> QRect:
        """A rectangle on the nearest whole device pixels."""
        mapped = self.to_device.mapRect(rect)
        left, top = round(mapped.left()), round(mapped.top())
        return QRect(left, top, round(mapped.right()) - left, round(mapped.bottom()) - top)

    def painted(self, device: QRect) -> QRectF:
        """Device pixels as a painter without a transform takes them."""
        return self.from_device.mapRect(QRectF(device))
