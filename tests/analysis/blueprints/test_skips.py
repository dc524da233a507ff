"""Skips out and in again: ids stay, nothing else changes, what comes back is what went."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from analysis.blueprints import BLUEPRINTS, parse
from analysis.blueprints.settings import SKIPS_BEFORE
from analysis.blueprints.skips import has_skips, with_skips
from tests.analysis.blueprints.test_blueprints import texts


@settings(max_examples=80, deadline=None)
@given(texts())
def test_what_comes_back_is_what_went(text):
    name, chosen = parse(text)
    if not has_skips(name, chosen):
        return
    other, without = with_skips(name, chosen, wanted=False)
    assert has_skips(other, without) is False
    assert with_skips(other, without, wanted=True) == (name, chosen)
    before, after = BLUEPRINTS[name].build(chosen), BLUEPRINTS[other].build(without)
    assert {node.id for node in after.nodes} <= {node.id for node in before.nodes}
    assert not any(node.id.startswith("join") for node in after.nodes)


def test_without_a_memory_the_default_comes():
    name, settings = with_skips("encoder_decoder", parse("encoder_decoder:base=8")[1], wanted=True)
    assert (name, settings) == parse("unet:base=8")
    name, settings = with_skips("red_net", parse("red_net:skip=none")[1], wanted=True)
    assert settings["skip"] == "add"


def test_asking_for_what_is_changes_nothing():
    for text, wanted in (("unet", True), ("unet:skip=none", False), ("encoder_decoder", False)):
        assert with_skips(*parse(text), wanted=wanted) == parse(text)


@pytest.mark.parametrize("memory", ["depth=2", "skip=what", "skip9=add", "=", 5, "skip3"])
def test_a_memory_that_says_nothing_of_skips_is_passed_over(memory):
    chosen = {**parse("encoder_decoder")[1], SKIPS_BEFORE: memory}
    assert with_skips("encoder_decoder", chosen, wanted=True) == parse("unet")


def test_a_blueprint_without_that_choice_says_so():
    assert has_skips("vgg", parse("vgg")[1]) is None
    assert with_skips("vgg", parse("vgg")[1], wanted=False) == parse("vgg")
