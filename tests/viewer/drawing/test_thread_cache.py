"""Fonts and glyphs are made once in each thread that paints, and never handed to another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from viewer.drawing.painting.text import lettering, paint_text
from viewer.drawing.painting.thread_cache import thread_cache


def test_each_thread_has_its_own_and_keeps_it():
    made: list[int] = []

    @thread_cache(8)
    def value(number: int) -> object:
        made.append(number)
        return object()

    here = value(1)
    assert value(1) is here
    with ThreadPoolExecutor(1) as pool:
        there = pool.submit(value, 1).result()
        assert pool.submit(value, 1).result() is there
    assert there is not here
    assert made == [1, 1]


def test_the_fonts_of_two_threads_are_two(qapp):
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lettering, 12, False).result() is not lettering(12, False)


def test_four_threads_paint_the_same_words_at_once(qapp):
    start = Barrier(4)

    def painted() -> QImage:
        image = QImage(300, 40, QImage.Format.Format_ARGB32_Premultiplied)
        start.wait()
        for number in range(200):
            image.fill(QColor("white"))
            painter = QPainter(image)
            for size in range(9, 19):
                paint_text(
                    painter, QPointF(size, 20), f"enc {number % 7} · 3 × 64²", QColor("black"), size
                )
            painter.end()
        return image

    with ThreadPoolExecutor(4) as pool:
        images = [future.result() for future in [pool.submit(painted) for _ in range(4)]]
    assert all(image == images[0] for image in images)
