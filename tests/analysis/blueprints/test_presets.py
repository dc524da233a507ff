"""Presets: each builds what its name says, is a MODEL of the command line, and has its source."""

from __future__ import annotations

import pytest

from analysis.blueprints import (
    BLUEPRINTS,
    PRESETS,
    describe_blueprints,
    is_known,
    parse,
    preset_of,
)
from analysis.facts import analyse
from analysis.faults import Fault
from tests.analysis.blueprints.test_blueprints import build
from tests.analysis.blueprints.test_published import extent


@pytest.mark.parametrize("key", PRESETS)
def test_every_preset_builds_a_network_without_problems(key):
    facts = analyse(build(key))
    assert not facts.problems
    preset = PRESETS[key]
    assert preset_of(preset.blueprint, preset.complete) == preset
    assert parse(key) == (preset.blueprint, preset.complete)


def test_no_preset_is_called_like_another_or_like_a_blueprint():
    assert not set(PRESETS) & set(BLUEPRINTS)
    titles = [preset.title for preset in PRESETS.values()]
    assert len(set(titles)) == len(titles)
    made = [(preset.blueprint, *preset.complete.items()) for preset in PRESETS.values()]
    assert len(set(made)) == len(made)


@pytest.mark.parametrize(
    ("key", "parameters"),
    [
        ("unet_2015", 31_030_658),
        ("vgg16", 138_357_544),
        ("resnet18", 11_689_512),
        ("resnet50_2016", 25_557_032),
        ("red30", 4_134_785),
        ("deep_autoencoder_2006", 2_837_314),
    ],
)
def test_the_parameters_are_those_of_the_name(key, parameters):
    assert analyse(build(key)).parameters == parameters


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("vdsr", 41),
        ("dncnn_s", 35),
        ("dncnn_b", 41),
        ("ircnn", 33),
        ("context_module", 67),
        ("patch_16", 16),
        ("patch_70", 70),
        ("patch_286", 286),
        ("red30", 61),
    ],
)
def test_the_fields_are_those_of_the_name(key, field):
    assert extent(key) == field


def test_settings_behind_a_preset_change_it():
    assert parse("unet_2015:base=8")[1]["padding"] == "valid"
    assert analyse(build("VGG16: out=10, size=64")).shapes["output"] == (10,)
    assert parse("resnet18:layers=34") == parse("resnet34")
    assert isinstance(parse("vgg16:layer=3"), Fault)
    assert parse("vg16").numbers[1] == "vgg16"
    assert is_known("RED30")
    assert not is_known("red31")


def test_the_list_names_every_preset_with_its_source():
    said = describe_blueprints()
    for preset in PRESETS.values():
        assert f"  {preset.key} = {preset.blueprint}" in said
        assert f"{preset.title} ({preset.paper})" in said
