"""Codes by themselves, against torch, NumPy and Pillow on random networks and pictures."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from analysis.blueprints import BLUEPRINTS, parse
from analysis.codes.autoencoder import Autoencoder
from analysis.codes.classifier import DECAY, linear_classifier
from analysis.codes.compression import compression, jpeg_of, rounded
from analysis.codes.neighbours import nearest, walk
from analysis.codes.projection import principal
from analysis.codes.same_code import same_code
from analysis.facts import Facts, analyse
from analysis.facts.code_layer import code_layer
from analysis.network import Network
from analysis.network.weights import initial

DENSE = "dense_autoencoder:hidden=32,code=6,size=8,activation=tanh"
VARIATIONAL = "variational_autoencoder:channels=4-8,code=5,in=1,size=8"


def facts_of(text: str) -> Facts:
    name, chosen = parse(text)
    return analyse(BLUEPRINTS[name].build(chosen))


def autoencoder(text: str, seed: int = 0) -> Autoencoder:
    facts = facts_of(text)
    return Autoencoder(Network(facts.graph, initial(facts.graph, facts, seed)), facts)


def pictures(count: int, channels: int = 1, side: int = 8, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((count, channels, side, side), dtype=np.float32)


@pytest.mark.parametrize(
    ("text", "layer"),
    [
        (DENSE, "code"),
        ("convolutional_autoencoder:channels=4-8,size=16", "enc2.act"),
        ("convolutional_autoencoder:channels=4-8,size=16,code=7", "code.linear"),
        (VARIATIONAL, "code.mean"),
        ("unet:depth=2,base=4,size=16", None),
        ("classifier", None),
    ],
)
def test_the_code_is_the_narrowest_layer_that_all_passes(text: str, layer: str | None) -> None:
    assert code_layer(facts_of(text)) == layer


@pytest.mark.parametrize("text", [DENSE, VARIATIONAL])
def test_decoding_the_codes_is_running_the_network(text: str) -> None:
    made = autoencoder(text)
    given_ = pictures(70)  # more than one part
    codes = made.codes(given_)
    assert codes.shape == (70, *made.shape)
    output = made.network.graph.output.id
    with torch.inference_mode():
        whole = made.network.run(made.network.place(torch.from_numpy(given_)))[output].numpy()
    assert np.allclose(made.decoded(codes), whole, atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.integers(2, 30), st.integers(1, 9))
def test_principal_components_are_the_eigenvectors_of_the_covariance(
    seed: int, count: int, length: int
) -> None:
    codes = np.random.default_rng(seed).normal(size=(count, length)).astype(np.float32)
    found = principal(codes)
    values, _ = np.linalg.eigh(np.atleast_2d(np.cov(codes.T.astype(np.float64), bias=True)))
    expected = np.zeros(2)
    expected[: min(2, length)] = values[::-1][:2]
    assert np.allclose(found.points.var(0), expected, atol=1e-9)
    assert np.allclose(found.shares, expected / max(values.sum(), 1e-30), atol=1e-9)
    if length <= 2:  # nothing is left out, so the way back is exact
        assert np.allclose(found.mean + found.points @ found.axes, codes, atol=1e-5)


def test_neighbours_and_the_way_between() -> None:
    codes = pictures(20)[:, 0, 0]
    found = nearest(codes, codes[7], 3)
    assert found[0] == (7, 0.0)
    others = sorted((float(np.linalg.norm(codes[i] - codes[7])), i) for i in range(20) if i != 7)
    assert [at for at, _ in found[1:]] == [i for _, i in others[:2]]
    line = walk(codes[0], codes[1], 5)
    assert np.array_equal(line[[0, -1]], codes[:2])
    assert np.allclose(np.diff(line, axis=0), (codes[1] - codes[0]) / 4, atol=1e-6)


def test_two_pictures_have_one_code() -> None:
    """A linear encoder loses all but a few numbers: whatever lies in its null space."""
    made = autoencoder("dense_autoencoder:hidden=0,code=4,size=8")
    one, start = pictures(2, seed=3)
    found = same_code(made, one, start)
    assert found.code_distance < 0.02
    assert found.picture_distance > 0.2
    codes = made.codes(np.stack([one, found.picture, start]))
    apart = np.linalg.norm(codes[1] - codes[0]) / np.linalg.norm(codes[2] - codes[0])
    assert apart == pytest.approx(found.code_distance, abs=1e-3)
    assert found.picture.min() >= 0
    assert found.picture.max() <= 1


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**31))
def test_the_classifier_is_at_the_minimum_of_its_loss(seed: int) -> None:
    source = np.random.default_rng(seed)
    features = source.normal(size=(60, 5)).astype(np.float32)
    wanted = source.integers(0, 3, 60)
    found = linear_classifier(features, wanted, 3)
    scaled = torch.from_numpy((features.astype(np.float64) - found.mean) / found.spread)
    weights = torch.from_numpy(found.weights).requires_grad_()
    bias = torch.from_numpy(found.bias).requires_grad_()
    loss = torch.nn.functional.cross_entropy(scaled @ weights + bias, torch.from_numpy(wanted))
    (loss + 0.5 * DECAY * weights.square().sum()).backward()
    assert float(weights.grad.abs().max()) < 1e-5
    assert float(bias.grad.abs().max()) < 1e-5


def test_classes_that_a_plane_parts_are_told_apart_and_chance_is_not() -> None:
    source = np.random.default_rng(0)
    features = source.normal(size=(400, 4)).astype(np.float32)
    wanted = (features[:, 0] + features[:, 1] > 0).astype(np.int64)
    found = linear_classifier(features[:200], wanted[:200], 2)
    assert found.accuracy(features[200:], wanted[200:]) > 0.95
    noise = source.integers(0, 2, 400)
    found = linear_classifier(features[:200], noise[:200], 2)
    assert found.accuracy(features[200:], noise[200:]) < 0.65


def test_jpeg_is_pillows_and_the_smallest_that_is_as_good() -> None:
    made = autoencoder(DENSE)
    given_ = pictures(6)
    size = compression(made, given_)
    assert (size.raw_bytes, size.code_bytes) == (64, 6)
    assert size.jpeg_quality is not None
    file = BytesIO()
    Image.fromarray(np.round(given_[0, 0] * 255).astype(np.uint8)).save(
        file, "JPEG", quality=size.jpeg_quality, optimize=True
    )
    assert jpeg_of(given_[:1], size.jpeg_quality)[0] == len(file.getvalue())
    assert size.jpeg_psnr >= size.psnr
    if size.jpeg_quality > 1:
        assert jpeg_of(given_, size.jpeg_quality - 1)[1] < size.psnr


def test_codes_of_eight_bits_are_near_and_few() -> None:
    codes = pictures(50)[:, 0, 0] * 7 - 3
    levels = rounded(codes)
    span = codes.max(0) - codes.min(0)
    assert (np.abs(levels - codes) <= span / 510 + 1e-5).all()
    assert all(len(np.unique(column)) <= 256 for column in levels.T)
