"""The published and derived numbers of tests/data/receptive_fields.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analysis.receptive_field import Field, fields, tables, unit_field
from tests.analysis.receptive_field import networks

DATA = Path(__file__).parents[2] / "data" / "receptive_fields.json"
ENTRIES: list[dict[str, Any]] = json.loads(DATA.read_text())["entries"]
LAYERS = [e for e in ENTRIES if e["network"] in ("vgg_16", "alexnet_v2", "resnet_v1_50")]
UNET_LAYERS = [e for e in ENTRIES if e["network"] == "U-Net 4-level same k3 convT2"]
STUDY = [e for e in ENTRIES if e["network"].startswith("U-Net depth=")]
BUILD = {
    "vgg_16": networks.vgg_16,
    "alexnet_v2": networks.alexnet_v2,
    "resnet_v1_50": networks.resnet_50_slim,
}


def _entry(network: str) -> dict[str, Any]:
    return next(e for e in ENTRIES if e["network"].startswith(network))


def _fields(graph: networks.Graph) -> dict[str, Field]:
    return fields(graph, networks.shapes_of(graph))


def test_every_entry_is_used() -> None:
    others = ("U-Net 4-level same k3 nearest x2", "original U-Net", "resnet50", "ASPP")
    named = [e for e in ENTRIES if e["network"].startswith(others)]
    assert len(ENTRIES) == len(LAYERS) + len(UNET_LAYERS) + len(STUDY) + len(named)


@pytest.mark.parametrize("entry", LAYERS, ids=lambda e: f"{e['endpoint']}@{e['input_resolution']}")
def test_published_layers(entry: dict[str, Any]) -> None:
    side = entry["input_resolution"] or 224
    found = _fields(BUILD[entry["network"]]((side, side)))[entry["endpoint"]]
    assert found.exactness == "exact"
    assert found.extent_max == (entry["rf"],) * 2
    assert found.jump == (entry["stride"],) * 2
    assert found.axes is not None
    if entry["padding"] is not None:
        assert found.axes[0].offsets[0] == -entry["padding"]


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize("entry", UNET_LAYERS, ids=lambda e: e["endpoint"])
def test_unet_by_phase(entry: dict[str, Any], axes: int) -> None:
    found = _fields(networks.unet((32,) * axes))[entry["endpoint"]]
    assert found.axes is not None
    for axis in found.axes:
        assert axis.extents == tuple(entry["rf_by_phase"])
        assert axis.offsets == tuple(entry["lo_by_phase"])
        assert axis.jump == entry["stride"]
    assert found.extent_min == (entry["rf_min"],) * axes


@pytest.mark.parametrize("entry", STUDY, ids=lambda e: e["network"])
def test_unet_study(entry: dict[str, Any]) -> None:
    config, exact = entry["config"], entry["exact"]
    graph = networks.unet((576,), config["depth"], config["conv_k"])
    shapes = networks.shapes_of(graph)
    found = fields(graph, shapes)["output"]
    assert found.axes is not None
    assert found.axes[0].extents == tuple(exact["by_phase"])
    clipped = tables(graph, shapes).axis("output", 0)
    assert (clipped.hi - clipped.lo).max() == exact["clipped_max_576"]
    assert unit_field(graph, shapes, "output", (288,)).sets["input"].pixels == exact["centre_288"]


def test_original_unet() -> None:
    entry = _entry("original U-Net")
    graph = networks.unet((572,), valid=True)
    shapes = networks.shapes_of(graph)
    assert shapes["output"] == (1, 388)
    table = tables(graph, shapes)
    first, last = entry["first_unit"], entry["last_unit"]
    assert table.box("output", (0,)) == (first[0], first[1] + 1)
    assert table.box("output", (387,)) == (last[0], last[1] + 1)
    axis = table.axis("output", 0)
    assert (axis.hi - axis.lo)[:16].tolist() == entry["sizes_first16"]
    found = fields(graph, shapes)["output"]
    assert found.axes is not None
    assert sorted(found.axes[0].extents) == [188] * 4 + [204] * 12
    assert found.axes[0].extents == tuple(entry["sizes_first16"])


def test_resnet_50_of_torchvision() -> None:
    entry = _entry("resnet50 torchvision")
    found = _fields(networks.resnet_torchvision((224, 224)))["layer4"]
    assert found.extent_max == (entry["rf"],) * 2
    assert found.jump == (entry["stride"],) * 2
    assert found.axes is not None
    assert found.axes[0].offsets == (-entry["padding"],)


def test_resnet_152_of_torchvision() -> None:
    found = _fields(networks.resnet_torchvision((224, 224), (3, 8, 36, 3)))["layer4"]
    assert found.extent_max == (1451, 1451)


def test_dilated_pyramid() -> None:
    exact = _entry("ASPP")["exact2d"]
    graph = networks.aspp()
    seen = unit_field(graph, networks.shapes_of(graph), "cat", (32, 32)).sets["input"]
    assert seen.pixels == exact["exact_pixels"]
    assert len(seen.products) == exact["boxes"]
    assert seen.boxes is None
    assert seen.box == (14, 14, 51, 51)
    assert exact["bbox"] == 37 * 37
    mask = seen.mask()
    assert mask.sum() == exact["exact_pixels"]
    assert mask.any(0).sum() * mask.any(1).sum() == exact["axis_product"]


@pytest.mark.parametrize(("up", "sizes"), [("nearest", (188, 204)), ("bilinear", (220, 236))])
def test_interpolating_decoders(up: str, sizes: tuple[int, int]) -> None:
    found = _fields(networks.unet((256, 256), up=up))["output"]
    assert found.extent_min == (sizes[0],) * 2
    assert found.extent_max == (sizes[1],) * 2


def test_nearest_decoder_by_phase() -> None:
    entry = _entry("U-Net 4-level same k3 nearest x2")
    found = _fields(networks.unet((64,), up="nearest"))[entry["endpoint"]]
    assert found.axes is not None
    assert found.axes[0].extents == tuple(entry["rf_by_phase"])
    assert found.axes[0].offsets == tuple(entry["lo_by_phase"])


def test_the_field_is_not_centred() -> None:
    found = _fields(networks.unet())["output"]
    assert found.centre_offset == ((-5.5, 5.5),) * 2


def test_a_small_image_cuts_the_field() -> None:
    graph = networks.unet((128, 128))
    shapes = networks.shapes_of(graph)
    assert tables(graph, shapes).box("output", (0, 0)) == (0, 0, 94, 94)
    assert unit_field(graph, shapes, "output", (0, 0)).sets["input"].box == (0, 0, 94, 94)
    assert unit_field(graph, shapes, "output", (64, 64)).sets["input"].pixels == 128 * 128
