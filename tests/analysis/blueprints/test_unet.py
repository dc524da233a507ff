"""The U-Net's variants against torch: joins by level, blocks, gates, dilation, axes."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.faults import Fault
from analysis.receptive_field import fields
from tests.analysis.blueprints.reference import assert_same_as_torch
from tests.analysis.blueprints.test_blueprints import build

SUMS = ("add", "add_after")


def conv_norm(come: int, go: int, kernel: int = 3) -> nn.Sequential:
    convolution = nn.Conv2d(come, go, kernel, padding=kernel // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(go))


class Residual(nn.Module):
    """Two convolutions; the input is added before the last activation."""

    def __init__(self, come: int, go: int) -> None:
        super().__init__()
        self.first, self.second = conv_norm(come, go), conv_norm(go, go)
        self.shortcut = conv_norm(come, go, 1) if come != go else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        inner = self.second(functional.relu(self.first(x)))
        return functional.relu(inner + self.shortcut(x))


class RecurrentResidual(nn.Module):
    """Two recurrent convolutions that run three times each, beside the identity."""

    def __init__(self, come: int, go: int) -> None:
        super().__init__()
        self.entry = nn.Conv2d(come, go, 1)
        self.recurrent = nn.ModuleList(conv_norm(go, go) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        start = self.entry(x)
        out = start
        for recurrent in self.recurrent:
            came = out
            out = functional.relu(recurrent(came))
            for _ in range(2):
                out = functional.relu(recurrent(out + came))
        return out + start


class Gate(nn.Module):
    """Additive attention on a grid half as fine as the skip."""

    def __init__(self, channels: int, signal: int) -> None:
        super().__init__()
        inner = channels // 2
        self.theta = nn.Conv2d(channels, inner, 2, stride=2, bias=False)
        self.phi = nn.Conv2d(signal, inner, 1)
        self.psi = nn.Conv2d(inner, 1, 1)
        self.out = conv_norm(channels, channels, 1)

    def forward(self, skip: Tensor, signal: Tensor) -> Tensor:
        alpha = torch.sigmoid(self.psi(functional.relu(self.theta(skip) + self.phi(signal))))
        return self.out(skip * functional.interpolate(alpha, scale_factor=2, mode="bilinear"))


class TwoLevels(nn.Module):
    """A U-Net of depth 2 and 4 base channels with any block and any join."""

    def __init__(self, block: type[nn.Module], joins: tuple[str, str]) -> None:
        super().__init__()
        self.joins = joins
        self.enc1, self.enc2, self.bottom = block(3, 4), block(4, 8), block(8, 16)
        self.up2 = nn.ConvTranspose2d(16, 8, 2, 2)
        self.gate2 = Gate(8, 16) if joins[1] == "attention" else None
        self.dec2 = block(8 if joins[1] in SUMS or joins[1] == "none" else 16, 8)
        self.up1 = nn.ConvTranspose2d(8, 4, 2, 2)
        self.gate1 = Gate(4, 8) if joins[0] == "attention" else None
        self.dec1 = block(4 if joins[0] in SUMS or joins[0] == "none" else 8, 4)
        self.head = nn.Conv2d(4, 3, 1)

    def forward(self, x: Tensor) -> Tensor:
        one = self.enc1(x)
        two = self.enc2(functional.max_pool2d(one, 2))
        deep = self.bottom(functional.max_pool2d(two, 2))
        mid = self.dec2(self.join(self.joins[1], self.up2(deep), two, deep, self.gate2))
        return self.head(self.dec1(self.join(self.joins[0], self.up1(mid), one, mid, self.gate1)))

    def join(
        self, how: str, raised: Tensor, skip: Tensor, signal: Tensor, gate: nn.Module | None
    ) -> Tensor:
        if how == "none":
            return raised
        if how == "add":
            return functional.relu(raised + skip)
        if how == "add_after":
            return functional.relu(raised) + skip
        return torch.cat((raised, skip if gate is None else gate(skip, signal)), 1)


class Plain(nn.Sequential):
    def __init__(self, come: int, go: int) -> None:
        super().__init__(conv_norm(come, go), nn.ReLU(), conv_norm(go, go), nn.ReLU())


SMALL = "unet:depth=2,base=4,size=32"


@pytest.mark.parametrize(
    ("chosen", "block", "joins"),
    [
        ("skip=concat", Plain, ("concat", "concat")),
        ("skip=add,skip1=none", Plain, ("none", "add")),
        ("skip=add_after,skip1=add", Plain, ("add", "add_after")),
        ("skip=none,skip_2=concat", Plain, ("none", "concat")),
        ("skips=attention", Plain, ("attention", "attention")),
        ("skip2=attention,skip1=add", Plain, ("add", "attention")),
        ("block=residual", Residual, ("concat", "concat")),
        ("block=residual,skip=none", Residual, ("none", "none")),
        ("block=recurrent_residual,skip=attention", RecurrentResidual, ("attention",) * 2),
    ],
)
def test_every_variant_computes_what_torch_does(chosen, block, joins):
    assert_same_as_torch(f"{SMALL},{chosen}", TwoLevels(block, joins), (3, 32, 32))


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_signals_and_volumes_have_the_field_of_pictures_on_each_axis(axes):
    graph = build(f"unet:depth=3,base=2,axes={axes}")
    facts = analyse(graph)
    assert not facts.problems
    assert facts.layers["output"].shape == (3, *facts.layers["input"].shape[1:])
    assert len(facts.layers["output"].shape) == axes + 1
    found = fields(graph, facts.shapes)["output"].axes
    assert len(found) == axes
    assert {max(axis.extents) for axis in found} == {100}


def test_a_dilated_level_widens_the_field_by_its_share():
    """Each of the bottleneck's two 3-tap convolutions reads 2 · 3 · 16 pixels further at rate 4."""
    plain, wide = (build(f"unet:base=2{more}") for more in ("", ",dilation5=4"))
    assert wide["bottleneck.conv1"].operator.dilation == (4, 4)
    assert wide["enc4.conv1"].operator.dilation == (1, 1)
    found = [fields(each, analyse(each).shapes)["bottleneck.act2"].axes for each in (plain, wide)]
    before, after = (max(axes[0].extents) for axes in found)
    assert (before, after) == (140, 140 + 2 * 2 * 3 * 16)
    everywhere = build("unet:depth=2,base=2,dilation=2,dilation1=1")
    assert everywhere["dec2.conv2"].operator.dilation == (2, 2)
    assert everywhere["dec1.conv1"].operator.dilation == (1, 1)


@pytest.mark.parametrize("block", ["plain", "residual", "recurrent", "recurrent_residual"])
@pytest.mark.parametrize("skip", ["concat", "add", "add_after", "attention"])
def test_valid_blocks_crop_what_they_add(block, skip):
    facts = analyse(build(f"unet:padding=valid,depth=3,base=2,block={block},skip={skip}"))
    assert not facts.problems
    plain = analyse(build("unet:padding=valid,depth=3,base=2"))
    if block in ("plain", "residual"):
        assert facts.layers["output"].shape == plain.layers["output"].shape


def test_an_attention_gate_stands_on_a_skip_of_the_network():
    facts = analyse(build("unet:depth=3,base=4,size=32,skip=attention"))
    assert [(skip.join, skip.kind) for skip in facts.skips if skip.kind == "long"] == [
        (f"join{level}", "long") for level in (1, 2, 3)
    ]


def test_ids_stay_when_the_skips_change_so_that_weights_do():
    plain = {node.id for node in build("unet:depth=3").nodes}
    for other in ("skip=attention", "skip=add", "block=residual", "dilation=2", "axes=3"):
        convolutions = {name for name in plain if ".conv" in name}
        assert convolutions <= {node.id for node in build(f"unet:depth=3,{other}").nodes}


def test_a_level_past_the_deepest_is_refused():
    fault = parse("unet:skip8=add")
    assert isinstance(fault, Fault)
    assert fault.code == "unknown-blueprint-setting"
    assert isinstance(parse("encoder_decoder:skip3=add"), Fault)
    assert parse("unet:skip3=ad").numbers[0] == "skip3"


def test_a_level_of_its_own_is_set_and_taken_away():
    unet = BLUEPRINTS["unet"]
    own = unet.changed(unet.complete({}), "skip3", "none")
    assert own["skip3"] == "none"
    assert "skip3" not in unet.changed(own, "skip3", None)
    assert unet.complete(own) == own
