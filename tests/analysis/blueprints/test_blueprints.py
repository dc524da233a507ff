"""Blueprints: published numbers, ids, limits, and refusals that name what works."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.blueprints import BLUEPRINTS, describe_blueprints, parse
from analysis.facts import analyse
from analysis.faults import Fault
from analysis.graph import Graph


def build(text: str) -> Graph:
    parsed = parse(text)
    assert not isinstance(parsed, Fault), parsed
    return BLUEPRINTS[parsed[0]].build(parsed[1])


LIMITS = {"depth": (1, 4), "base": (1, 12), "convs": (1, 3), "kernel": (1, 7), "size": (64, 96)}


@st.composite
def values(draw, setting):
    if setting.kind == "choice":
        return draw(st.sampled_from(setting.choices))
    low, high = LIMITS.get(setting.name, (1, 5))
    number = st.integers(low, high).map(setting.nearest)
    if setting.kind == "list":
        return "-".join(map(str, draw(st.lists(number, min_size=1, max_size=3))))
    return draw(number)


@st.composite
def texts(draw, names=tuple(BLUEPRINTS)):
    blueprint = draw(st.sampled_from(names))
    parts = []
    for setting in BLUEPRINTS[blueprint].settings:
        level = draw(st.integers(0, setting.by_level))
        names = {setting.name, f"{setting.name}{level or ''}"}
        parts += [f"{name}={draw(values(setting))}" for name in names if draw(st.booleans())]
    return f"{blueprint}:{','.join(parts)}"


def test_the_usual_unet_has_the_published_size():
    facts = analyse(build("unet:depth=4,base=32"))
    assert facts.parameters == 7_763_107
    assert facts.layers["output"].shape == (3, 256, 256)
    assert facts.layers["bottleneck.act2"].shape == (512, 16, 16)


def test_macs_of_the_unet_at_512_are_those_counted_by_hand():
    facts = analyse(build("unet:depth=4,base=32,size=512"))
    macs = 0
    for level in range(5):
        area, width = (512 >> level) ** 2, 32 << level
        into = 3 if level == 0 else width // 2
        macs += area * 9 * width * (into + width)
        if level < 4:
            macs += area * 9 * width * (2 * width + width)
            macs += area * 2 * width * width
    assert facts.macs == macs + 512 * 512 * 32 * 3


def test_valid_is_the_published_572_to_388():
    graph = build("unet:padding=valid,base=64,in=1,out=2,norm=none")
    facts = analyse(graph)
    assert facts.layers["input"].shape == (1, 572, 572)
    assert facts.layers["output"].shape == (2, 388, 388)
    assert facts.layers["crop1"].shape == (64, 392, 392)
    assert facts.parameters == 31_030_658


def test_valid_sizes_pool_evenly_at_every_depth():
    for depth in range(1, 8):
        facts = analyse(build(f"unet:padding=valid,depth={depth},base=1"))
        assert not facts.problems
        for level in range(1, depth + 1):
            shape = facts.layers[f"enc{level}.act2"].shape
            assert shape is not None
            assert shape[1] % 2 == 0


def test_a_size_nobody_chose_follows_the_padding():
    unet = BLUEPRINTS["unet"]
    valid = unet.changed(unet.complete({}), "padding", "valid")
    assert valid["size"] == 572
    assert unet.changed(valid, "padding", "same")["size"] == 256
    chosen = unet.changed(unet.complete({"size": 100}), "padding", "valid")
    assert chosen["size"] == 100


def test_addition_stands_before_the_activation():
    for text in ("unet:skip=add", "red_net"):
        graph = build(text)
        reader = graph.consumers["join1"][0]
        assert graph["join1"].operator.key == "add"
        assert graph[reader].operator.family == "act"


@pytest.mark.parametrize("text", ["unet:up=nearest", "unet:up=nearest_conv", "symmetric_denoiser"])
def test_addition_after_the_activation_adds_one_to_an_activated_map(text):
    graph = build(f"{text},skip=add_after" if ":" in text else f"{text}:skip=add_after")
    joins = [each for each in graph.nodes if each.id.startswith("join")]
    assert joins
    for join in joins:
        assert join.operator.key == "add"
        assert graph[join.inputs[0]].operator.family == "act"
        assert graph[graph.consumers[join.id][0]].operator.family != "act"
    before = build(text)
    assert {n.id for n in before.nodes if "conv" in n.id} <= {n.id for n in graph.nodes}


def test_encoder_decoder_is_the_unet_without_joins():
    with_skips, without = build("unet"), build("encoder_decoder")
    assert without == build("unet:skip=none")
    assert {n.id for n in with_skips.nodes} - {n.id for n in without.nodes} == {
        f"join{i}" for i in range(1, 5)
    }


def test_convolutions_have_a_bias_only_where_no_norm_follows():
    for norm in ("batch", "none"):
        convs = [n for n in build(f"unet:norm={norm}").nodes if ".conv" in n.id]
        assert {n.operator.bias for n in convs} == {norm == "none"}


@settings(max_examples=60, deadline=None)
@given(texts())
def test_every_setting_builds_what_can_be_analysed(text):
    graph = build(text)
    facts = analyse(graph)
    assert facts.layers["input"].shape is not None
    for name in facts.problems:
        # Only what the size does not allow may clash; the settings themselves always agree.
        fault = facts.layers[name].fault
        assert fault is not None
        assert fault.code in {
            "join-sizes-differ",
            "kernel-too-large",
            "crop-needs-larger",
            "too-few-values",  # instance norm of a map that has shrunk to one pixel
        }


@settings(max_examples=40, deadline=None)
@given(texts([name for name, each in BLUEPRINTS.items() if each.group != "encoder"]))
def test_a_size_that_divides_never_clashes_with_same_padding(text):
    name, _, chosen = text.partition(":")
    kept = [p for p in chosen.split(",") if p and not p.startswith(("padding", "size"))]
    facts = analyse(build(f"{name}:{','.join([*kept, 'size=256'])}"))
    assert facts.problems == ()
    assert facts.layers["output"].shape[1:] == facts.layers["input"].shape[1:]


@pytest.mark.parametrize(
    ("text", "code", "nearest"),
    [
        ("unett", "unknown-blueprint", "unet"),
        ("unet:dept=3", "unknown-blueprint-setting", "depth"),
        ("unet:depth=9", "setting-out-of-range", 7),
        ("unet:depth=-1", "setting-out-of-range", 1),
        ("red_net:kernel=4", "setting-out-of-range", 5),
        ("unet:norm=bach", "unknown-choice", "batch"),
        ("unet:depth=four", "setting-not-a-number", 4),
        ("unet:depth=1e400", "setting-not-a-number", 4),
        ("unet:depth", "setting-without-value", "depth"),
        ("unet:depth=1,levels=2", "setting-given-twice", "depth"),
    ],
)
def test_refusals_name_what_works(text, code, nearest):
    fault = parse(text)
    assert isinstance(fault, Fault)
    assert fault.code == code
    assert nearest in fault.numbers


def test_synonyms_mean_the_same():
    assert parse("UNet: levels=3, in_channels=1, kernel_size=5") == parse(
        "unet:depth=3,in=1,kernel=5"
    )


def test_the_list_shows_every_setting():
    text = describe_blueprints()
    for blueprint in BLUEPRINTS.values():
        for setting in blueprint.settings:
            assert f"  {setting.name}={setting.default}" in text
