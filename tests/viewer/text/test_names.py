"""Every operator, setting and choice has a name on screen; names and details are as in tables."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import analysis.operators as families
from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.operators.contract import REGISTRY
from analysis.operators.settings import editable
from analysis.receptive_field import Field
from analysis.storage.document import Document
from viewer.files.document_name import document_name
from viewer.text import blueprint_names, operator_names
from viewer.text.block_names import block_name, cannot_run, full_name, node_name
from viewer.text.operator_names import detail, extent_text, jump_text, operator_name, summary
from viewer.text.translation import language
from viewer.text.twin_names import twin_name
from viewer.workspaces.build.inspector.operator_settings import changed
from viewer.workspaces.train.lab.experiments import EXPERIMENTS, experiment_recipe


@pytest.mark.parametrize("key", sorted(set(REGISTRY) - {"opaque"}))
def test_every_operator_and_what_can_be_set_of_it_has_a_name(key):
    assert REGISTRY[key].title
    for kind in editable(REGISTRY[key]):
        assert operator_names.setting_title(kind) != kind.name
        assert set(kind.choices) <= set(operator_names.CHOICES)


@pytest.mark.parametrize("name", BLUEPRINTS)
def test_every_setting_of_a_blueprint_has_a_name_and_a_sentence(name):
    blueprint = BLUEPRINTS[name]
    assert blueprint.title not in ("", name)
    assert blueprint.sentence.endswith(".")
    for setting in blueprint.settings:
        assert blueprint_names.setting_title(setting) != setting.name
        assert blueprint_names.setting_hint(setting).endswith(".")
        named = {*blueprint_names.CHOICES, *setting.choice_titles, *REGISTRY}
        assert set(setting.choices) <= named


def test_a_clash_inside_a_block_is_named_as_everywhere_else():
    attention = BLUEPRINTS["attention_unet"]
    facts = analyse(attention.build(attention.complete({"size": 248, "base": 4})))
    assert cannot_run(facts) == "No output: gate 4, product, 31 ≠ 30 high"


def test_details_say_what_matters_of_an_operator():
    convolution = families.Convolution(channels=8, kernel=(3, 5), stride=(2, 2), groups=4)
    assert detail(convolution, ((4, 9, 9),), (8, 4, 3)) == "3 × 5, 4 → 8, stride 2, 4 groups"
    assert detail(families.Concatenate(), ((4, 9, 9), (8, 9, 9)), (12, 9, 9)) == "4 + 8"
    assert detail(families.Linear(features=10), ((64,),), (10,)) == "64 → 10"
    assert detail(families.Upsample(scale=(2.0, 2.0)), ((4, 9, 9),), (4, 18, 18)) == "× 2, nearest"


def test_functions_say_which_they_are_and_their_numbers():
    shape = (4, 9, 9)
    scaled = families.ScalarArithmetic("multiply", -0.1)
    assert detail(scaled, (shape,), shape) == "x × −0.1"
    clamp = families.PiecewiseFunction("clamp", (0.0, 6.0))
    assert (operator_name(clamp), detail(clamp, (shape,), shape)) == ("clamp", "0, 6")
    assert operator_name(families.ParameterArithmetic("add", (4, 1, 1))) == "add a parameter"
    assert detail(families.ChannelSlice(4, 8), ((8, 9, 9),), shape) == "4–7"


def test_an_operator_that_is_not_known_says_its_own_name_and_no_field():
    opaque = families.Opaque(target="aten.roll.default", template=(), output=(3, 8, 8))
    graph = Graph.of(
        [
            Node("input", families.Input(channels=3, size=(8, 8))),
            Node("roll", opaque, ("input",)),
            Node("output", families.Output(), ("roll",)),
        ]
    )
    facts = analyse(graph)
    assert summary([graph["roll"]], facts) == "aten.roll.default"
    assert extent_text(facts.fields.get("output")) == "unknown"
    assert extent_text(None) == "unknown"
    assert jump_text(None) == "–"


def test_a_bound_and_a_whole_input_are_said_as_such():
    assert extent_text(Field(None, "whole input")) == "whole input"
    assert extent_text(Field(None, "unknown")) == "unknown"


def test_what_no_pixel_is_counted_of_has_no_extent():
    assert extent_text(Field(())) == "–"


def test_names_inside_and_outside_a_block():
    assert node_name("enc1.conv2") == "conv 2"
    assert full_name("enc1.conv2") == "enc 1, conv 2"
    assert full_name("pool3") == "pool 3"


def test_repeated_operators_are_folded_and_others_counted():
    graph = BLUEPRINTS["unet"].build({"depth": 1, "base": 4, "convs": 3})
    facts = analyse(graph)
    nodes = [graph[f"enc1.{kind}{i}"] for i in (1, 2, 3) for kind in ("conv", "norm", "act")]
    assert summary(nodes, facts) == "3 × (conv, norm, ReLU)"
    assert summary([*nodes, graph["pool1"]], facts).startswith("3 × conv, 3 × norm")


def test_a_new_kernel_keeps_padding_that_kept_the_size_and_leaves_other_padding():
    same = families.Convolution(channels=4, kernel=(3, 3), padding=((1, 1), (1, 1)))
    assert changed(same, "kernel", (5, 5)).padding == ((2, 2), (2, 2))
    assert changed(same, "dilation", (2, 2)).padding == ((2, 2), (2, 2))
    none = families.Convolution(channels=4, kernel=(3, 3), padding=((0, 0), (0, 0)))
    assert changed(none, "kernel", (5, 5)).padding == ((0, 0), (0, 0))


def test_a_value_that_no_operator_takes_comes_back_as_a_fault():
    same = families.Convolution(channels=4, kernel=(3, 3), padding=((1, 1), (1, 1)))
    assert changed(same, "channels", 0).code == "not-positive"


@pytest.mark.parametrize("row", EXPERIMENTS, ids=lambda row: row.file)
def test_every_network_of_an_experiment_has_a_name_in_chinese(row):
    names = [twin.name for twin in experiment_recipe(row).twins]
    assert [twin_name(name) for name in names] == names
    language.use("zh_CN")
    said = [twin_name(name) for name in names]
    assert len(set(said)) == len(names)
    assert not re.search("[a-z]", "".join(said).replace("He", ""))


@pytest.mark.parametrize("name", ["mine", "withstand", "with mine", "batch 8x", "30", ""])
def test_a_network_that_somebody_named_keeps_its_name(name):
    language.use("zh_CN")
    assert twin_name(name) == name
    assert twin_name("30 without he") == "30 层 无跳跃连接 He 初始化"


def test_a_title_that_the_program_gave_is_said_in_the_language_in_use():
    own = Document(graph=Graph(), title=BLUEPRINTS["variational_autoencoder"].title)
    language.use("zh_CN")
    assert document_name(own, None) == "变分自编码器"
    assert document_name(replace(own, title="Build"), None) == "Build", "what a person typed stays"
    assert document_name(own, Path("a.fieldglass")) == "a.fieldglass"


def test_a_step_is_called_by_its_two_ends():
    assert block_name("conv1 – conv2") == "conv 1–2"
    assert block_name("conv15 – deconv16") == "conv 15 – deconv 16"
    assert block_name("encoder.0 – 2") == "encoder.0 – 2"
