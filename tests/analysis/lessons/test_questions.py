"""What the questions count as right is what torch, or counting by hand, finds."""

from __future__ import annotations

import math
import re
from random import Random

import pytest
import torch
from torch import nn

from analysis.lessons.folder import shipped, shipped_names
from analysis.lessons.questions.table import QUESTIONS

SEEDS = range(12)


def drawn(kind: str) -> list[tuple[dict, int]]:
    found = [QUESTIONS[kind].draw(Random(seed)) for seed in SEEDS]
    assert {tuple(each.numbers) for each in found} == {QUESTIONS[kind].numbers}
    assert len({tuple(each.numbers.values()) for each in found}) > 1, "the same each time"
    return [(dict(each.numbers), each.answer) for each in found]


def listed(text: str) -> torch.Tensor:
    plain = text.replace("−", "-")
    return torch.tensor([float(each) for each in plain.split(", ")], dtype=torch.float64)


def worked_out(way: str) -> float:
    """What a working comes to: after an arrow the last number, else the sum that it writes."""
    if "→" in way:
        return float(way.rsplit("→", maxsplit=1)[1])
    for sign, python in (("·", "*"), ("−", "-"), ("⌊", "floor("), ("⌋", ")"), ("⌈", "ceil("),
                         ("⌉", ")")):  # fmt: skip
        way = way.replace(sign, python)
    way = re.sub("[⁰¹²³⁴⁵]", lambda found: f"**{'⁰¹²³⁴⁵'.index(found[0])}", way)
    names = {"floor": math.floor, "ceil": math.ceil, "max": max}
    return float(eval(way, names))  # noqa: S307 - a working that the table has just written


@pytest.mark.parametrize("kind", QUESTIONS)
def test_the_working_that_is_told_comes_to_the_answer(kind: str) -> None:
    for seed in SEEDS:
        found = QUESTIONS[kind].draw(Random(seed))
        assert worked_out(found.way) == found.answer, found.way
        assert {"way", "answer"} < set(found.told)


@pytest.mark.parametrize("name", shipped_names())
def test_every_lesson_explains_its_question_in_each_language(name: str) -> None:
    for lesson in shipped(name).lessons.values():
        assert lesson.question is not None
        held = {each.target for each in lesson.question.explanation if each.kind == "number"}
        assert {"way", "answer"} <= held


def layer(kind: type, n: dict) -> nn.Module:
    settings = {"stride": n["stride"], "padding": n["padding"], "dilation": n["dilation"]}
    return kind(1, 1, n["kernel"], **settings, bias=False, dtype=torch.float64)


def image(size: int) -> torch.Tensor:
    return torch.ones(1, 1, size, size, dtype=torch.float64)


def test_a_sum() -> None:
    for n, answer in drawn("convolution-sum"):
        assert float(listed(n["values"]) @ listed(n["weights"])) == answer


def test_sizes() -> None:
    for kind, module in (("convolution-size", nn.Conv2d), ("transposed-size", nn.ConvTranspose2d)):
        for n, answer in drawn(kind):
            assert layer(module, n)(image(n["input"])).shape[-1] == answer


def test_products() -> None:
    for n, answer in drawn("convolution-products"):
        out = layer(nn.Conv2d, n)(image(n["input"])).shape[-1]
        assert out**2 * n["kernel"] ** 2 == answer


def test_the_size_of_the_matrix() -> None:
    for n, answer in drawn("matrix-entries"):
        out = layer(nn.Conv2d, n)(image(n["input"])).shape[-1]
        assert out**2 * n["input"] ** 2 == answer


def test_a_gradient() -> None:
    for n, answer in drawn("gradient-cell"):
        x = torch.zeros(1, 1, 5, dtype=torch.float64, requires_grad=True)
        y = nn.functional.conv1d(x, listed(n["weights"]).view(1, 1, 3))
        y.backward(listed(n["gradient"]).view(1, 1, 3))
        assert x.grad is not None
        assert float(x.grad[0, 0, 2]) == answer


def test_overlaps() -> None:
    for n, answer in drawn("overlap"):
        ones = torch.ones(1, 1, n["kernel"], dtype=torch.float64)
        x = torch.ones(1, 1, 40, dtype=torch.float64)
        y = nn.functional.conv_transpose1d(x, ones, stride=n["stride"])[0, 0]
        assert float(y[20:-20].max()) == answer


def test_a_pooling() -> None:
    for n, answer in drawn("pooled-value"):
        assert float(listed(n["values"]).max()) == answer


def test_fields() -> None:
    for n, answer in drawn("field-of-layers"):
        one = torch.zeros(1, 1, 101, 101, dtype=torch.float64, requires_grad=True)
        y = one
        for _ in range(n["layers"]):
            ones = torch.ones(1, 1, n["kernel"], n["kernel"], dtype=torch.float64)
            y = nn.functional.conv2d(y, ones, padding=n["kernel"] // 2)
        y[0, 0, 50, 50].backward()
        assert one.grad is not None
        assert int((one.grad[0, 0, 50] != 0).sum()) == answer


def test_sizes_of_networks() -> None:
    for n, answer in drawn("bottleneck-size"):
        assert n["size"] // 2 ** n["depth"] == answer
    for n, answer in drawn("bottleneck-numbers"):
        assert n["base"] * 2 ** n["depth"] * (n["size"] // 2 ** n["depth"]) ** 2 == answer
    for n, answer in drawn("joined-channels"):
        assert n["skip"] + n["decoder"] == answer
    for n, answer in drawn("tensor-numbers"):
        assert torch.zeros(n["batch"], n["channels"], n["height"], n["width"]).numel() == answer
    for n, answer in drawn("iterations"):
        portions = torch.zeros(n["pictures"]).split(n["batch"])
        assert len(portions) * n["epochs"] == answer
    for n, answer in drawn("view-size"):
        shape = (n["channels"], n["height"], n["width"])
        assert torch.zeros(shape).view(-1, n["width"]).shape[0] == answer
    for n, answer in drawn("linspace-number"):
        line = torch.linspace(0, n["end"], n["count"], dtype=torch.float64)
        assert float(line[n["place"] - 1]) == answer
    for n, answer in drawn("mirrored-layer"):
        assert n["layers"] - n["layer"] == answer


def test_a_network_without_padding() -> None:
    for n, answer in drawn("valid-output"):
        size = n["size"]
        for _ in range(n["depth"]):
            size = (size - 4) // 2
        size -= 4
        for _ in range(n["depth"]):
            size = 2 * size - 4
        assert size == answer


def test_parameters() -> None:
    for n, answer in drawn("layer-parameters"):
        module = nn.Conv2d(n["input"], n["output"], n["kernel"])
        assert sum(each.numel() for each in module.parameters()) == answer
    for n, answer in drawn("dense-parameters"):
        dense = nn.Linear(n["input"], n["output"])
        assert sum(each.numel() for each in dense.parameters()) == answer


@pytest.mark.parametrize("kind", QUESTIONS)
def test_the_same_seed_asks_the_same(kind: str) -> None:
    assert QUESTIONS[kind].draw(Random(7)) == QUESTIONS[kind].draw(Random(7))


def test_the_gradient_of_a_weight() -> None:
    for n, answer in drawn("weight-gradient"):
        w = torch.tensor(float(n["weight"]), requires_grad=True)
        ((w * n["input"] - n["target"]) ** 2 / 2).backward()
        assert float(w.grad) == answer


def test_layers_that_see_a_field() -> None:
    for n, answer in drawn("layers-needed"):
        seen = torch.zeros(1, 1, 1, 201)
        seen[..., 100] = 1
        for _ in range(answer):
            seen = nn.functional.conv2d(seen, torch.ones(1, 1, 1, n["kernel"]), padding="same")
        assert int((seen > 0).sum()) == n["field"]
