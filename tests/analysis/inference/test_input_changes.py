"""The image changed before noise, and whether the output follows a shift."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.inference.engine import Engine
from analysis.inference.image import add_noise
from analysis.inference.input_changes import changed
from analysis.inference.protocol.equivariance import Equivariance, EquivarianceRequest
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.input_change import InputChange
from analysis.inference.protocol.runs import Frame, Noise, RunRequest
from analysis.operators import Convolution, Input, MaxPool, Output, Upsample

RANDOM = np.random.default_rng(5)


def image(height: int = 24, width: int = 32) -> np.ndarray:
    return RANDOM.random((3, height, width), dtype=np.float32)


def test_nothing_changed_is_the_same_array() -> None:
    values = image()
    assert changed(values, InputChange()) is values


def test_a_quarter_turn_is_numpys() -> None:
    values = image(20, 20)
    found = changed(values, InputChange(rotation=90))
    np.testing.assert_allclose(found, np.rot90(values, axes=(1, 2)), atol=1e-5)


def test_a_shift_moves_whole_pixels_and_repeats_the_edge() -> None:
    values = image()
    found = changed(values, InputChange(shift=(3, -2)))
    assert np.array_equal(found[:, 3:, :-2], values[:, :-3, 2:])
    assert np.array_equal(found[:, 0, :-2], values[:, 0, 2:])


def test_blur_is_a_gaussian_of_that_deviation() -> None:
    values = np.zeros((1, 41, 41), np.float32)
    values[0, 20, 20] = 1
    found = changed(values, InputChange(blur=2.0))[0]
    at = np.arange(41) - 20
    assert found.sum() == pytest.approx(1, abs=1e-5)
    assert (found.sum(0) * at**2).sum() == pytest.approx(4, rel=0.05)
    flat = np.full((1, 9, 9), 0.3, np.float32)
    np.testing.assert_allclose(changed(flat, InputChange(blur=3)), flat, rtol=1e-5)


def test_the_patch_and_the_brightness() -> None:
    values = image(20, 40)
    found = changed(values, InputChange(patch=(0.5, 0.25, 0.2)))
    gone = np.argwhere((found != values).any(0))
    assert (gone.min(0) == (8, 8)).all()
    assert (gone.max(0) == (11, 11)).all()
    assert np.allclose(changed(values, InputChange(brightness=0.25)), values + 0.25)


def test_salt_and_pepper_have_the_deviation_at_mid_grey() -> None:
    grey = np.full((3, 128, 128), 0.5, np.float32)
    found = add_noise(grey, Noise("salt", 40, 1))
    assert (found - grey).std() == pytest.approx(40 / 255, rel=0.05)
    assert set(np.unique(found)) == {0.0, 0.5, 1.0}
    assert np.array_equal(found[0], found[2])


def run(graph: Graph, **changes: object) -> tuple[Engine, Frame]:
    engine = Engine("cpu", 1)
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    asked = RunRequest(1, "a", graph.structure_hash, graph, ImageSource("x", None, pixels))
    frame = engine.answer(replace(asked, **changes))
    assert isinstance(frame, Frame), frame
    return engine, frame


def pooled(pool: int) -> Graph:
    """A convolution, and where `pool` is over 1 a pooling and an upsampling behind it."""
    nodes = [
        Node("input", Input(3, (64, 64))),
        Node("a", Convolution(3, (3, 3), padding=((1, 1), (1, 1))), ("input",)),
    ]
    if pool > 1:
        nodes += [
            Node("down", MaxPool((pool, pool), (pool, pool)), ("a",)),
            Node("up", Upsample((float(pool), float(pool))), ("down",)),
        ]
    return Graph((*nodes, Node("output", Output(), (nodes[-1].id,))))


def test_a_convolution_follows_every_shift_and_a_pooling_only_its_own_stride() -> None:
    for pool, follows in ((1, {1, 2, 4, 8}), (4, {4, 8})):
        graph = pooled(pool)
        engine, frame = run(graph)
        found = engine.answer(EquivarianceRequest(1, "a", frame.structure))
        assert isinstance(found, Equivariance), found
        assert {shift for shift, error in found.errors if error < 1e-6} == follows
        assert all(error > 0.05 for shift, error in found.errors if shift not in follows)


def test_the_network_is_given_the_changed_image() -> None:
    graph = pooled(1)
    assert analyse(graph).shapes["a"] == (3, 64, 64)
    engine, frame = run(graph)
    before = engine.values("a", ["input"])["input"]
    engine, frame = run(graph, change=InputChange(shift=(0, 5)))
    moved = engine.values("a", ["input"])["input"]
    assert np.array_equal(moved[:, :, 5:], before[:, :, :-5])
    assert not np.array_equal(frame.input_image, frame.clean)
