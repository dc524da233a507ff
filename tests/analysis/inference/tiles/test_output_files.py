"""Large outputs as files: packed in portions, read back by others, whole or not at all."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from analysis.inference.failures import EngineError
from analysis.inference.painter import picture_of_values
from analysis.inference.tiles import output_files
from analysis.inference.tiles.output_files import OutputFile

SHAPES = ((3, 37, 53), (1, 21, 8), (5, 16, 17))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("untrained", [False, True])
def test_a_png_has_the_pixels_that_are_shown(tmp_path, monkeypatch, shape, untrained):
    monkeypatch.setattr(output_files, "BAND", 5 * shape[2])  # several bands, the last one shorter
    values = np.random.default_rng(0).normal(0.5, 0.4, shape).astype(np.float32)
    path = tmp_path / "out.png"
    file = OutputFile(path, values, untrained)
    told = []
    while not file.advance(0.0):
        told.append(file.percent)
        assert not path.exists()
    assert told == sorted(told)
    assert 0 < told[2] < told[-1] == 100
    shown = picture_of_values(values, untrained)
    expected = np.stack([shown >> 16, shown >> 8, shown], -1).astype(np.uint8)
    with Image.open(io.BytesIO(path.read_bytes())) as read:
        read.verify()
    with Image.open(io.BytesIO(path.read_bytes())) as read:
        assert np.array_equal(np.asarray(read.convert("RGB")), expected)


def test_npy_keeps_every_value(tmp_path):
    values = np.random.default_rng(0).normal(size=(2, 3, 4, 5)).astype(np.float32)
    file = OutputFile(tmp_path / "out.npy", values, False)
    while not file.advance(0.0):
        pass
    assert np.array_equal(np.load(tmp_path / "out.npy"), values)


def test_what_cannot_be_written_is_a_fault(tmp_path):
    values = np.zeros((3, 8, 8), np.float32)
    file = OutputFile(tmp_path / "no folder" / "out.png", values, False)
    with pytest.raises(EngineError) as raised:
        file.advance(60.0)
    assert raised.value.fault.code == "cannot-write"
    with pytest.raises(EngineError):
        OutputFile(tmp_path / "out.png", np.zeros(4, np.float32), False)
