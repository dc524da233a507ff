"""Parameter counts and receptive fields of blueprints as published, or as known references have."""

from __future__ import annotations

import pytest

from analysis.facts import analyse
from tests.analysis.blueprints.test_blueprints import build


def extent(text: str, layer: str = "output") -> int:
    """The largest extent of a layer's receptive field over all phases, on the first axis."""
    found = analyse(build(text)).fields[layer]
    assert found.axes is not None
    return max(found.axes[0].extents)


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        # torchvision's models of the same names
        ("vgg:layers=11", 132_863_336),
        ("vgg:layers=13", 133_047_848),
        ("vgg:layers=16", 138_357_544),
        ("vgg:layers=16,norm=batch", 138_365_992),
        ("vgg:layers=19", 143_667_240),
        ("resnet:layers=18", 11_689_512),
        ("resnet:layers=34", 21_797_672),
        ("resnet:layers=50", 25_557_032),
        ("resnet:layers=50,halving=1x1", 25_557_032),
        ("resnet:layers=101", 44_549_160),
        ("resnet:layers=152", 60_192_808),
        # the published 0.56 M of DnCNN, with a bias in the first and the last layer
        ("plain_chain:layers=17,norm=batch,in=1,out=1", 556_097),
        # SRCNN 9-1-5: 8 032 weights, and 97 biases
        ("plain_chain:layers=3,kernel=9-1-5,channels=64-32,in=1,out=1", 8_032 + 97),
        # a deep residual U-Net in torch that is often cited, 3 channels in and 1 out
        ("residual_unet", 8_220_993),
        # U²-Net and its small variant, as their authors' code counts
        ("u2net:variant=full", 44_009_869),
        ("u2net:variant=small", 1_131_181),
        # R2U_Net(img_ch=3, output_ch=1, t=2) of github.com/LeeJunHyun/Image_Segmentation
        ("r2unet_2018", 39_091_393),
        # the 784-1000-500-250-30 stack and its mirror
        ("dense_autoencoder", 2_837_314),
    ],
)
def test_parameters_are_those_of_the_reference(text, parameters):
    assert analyse(build(text)).parameters == parameters


@pytest.mark.parametrize(
    ("text", "millions"),
    [
        ("unet_plus_plus:norm=none,in=1,out=1", 9.04),
        ("linknet", 11.5),
        ("symmetric_denoiser:base=128,in=1,out=1", 4.13),
        ("pix2pix", 54.414),
        ("patch_discriminator", 2.769),
        ("fcn:skip=32s", 136),
    ],
)
def test_parameters_are_the_published_millions(text, millions):
    digits = len(str(millions).partition(".")[2])
    assert round(analyse(build(text)).parameters / 1e6, digits) == millions


@pytest.mark.parametrize(
    ("text", "layer", "field"),
    [
        ("vgg:head=none", "pool1", 6),
        ("vgg:head=none", "pool3", 44),
        ("vgg:head=none", "pool5", 212),
        ("fcn", "wide.act7", 404),
        ("resnet:layers=18,head=none", "output", 435),
        ("resnet:layers=50,head=none", "output", 427),
        ("resnet:layers=50,head=none,halving=1x1", "output", 483),
        ("patch_discriminator:layers=1", "output", 16),
        ("patch_discriminator", "output", 70),
        ("patch_discriminator:layers=5", "output", 286),
        ("plain_chain:layers=17", "output", 35),
        ("plain_chain:layers=7,dilation=1-2-3-4-3-2-1", "output", 33),
        (
            "plain_chain:layers=8,kernel=3-3-3-3-3-3-3-1,dilation=1-1-2-4-8-16-1-1",
            "output",
            67,
        ),
        ("symmetric_denoiser:layers=30", "output", 61),
        ("unet_plus_plus", "output", 204),
    ],
)
def test_fields_are_the_published_ones(text, layer, field):
    assert extent(text, layer) == field


@pytest.mark.parametrize(
    ("layer", "field", "stride", "padding"),
    [
        ("stage1.conv1", 3, 1, 1),
        ("pool1", 6, 2, 2),
        ("stage2.conv1", 10, 2, 4),
        ("pool2", 16, 4, 6),
        ("stage3.conv1", 24, 4, 10),
        ("stage3.conv2", 32, 4, 14),
        ("pool3", 44, 8, 18),
        ("stage4.conv1", 60, 8, 26),
        ("stage4.conv2", 76, 8, 34),
        ("pool4", 100, 16, 42),
        ("stage5.conv1", 132, 16, 58),
        ("stage5.conv2", 164, 16, 74),
        ("pool5", 212, 32, 90),
    ],
)
def test_every_layer_of_vgg_16_has_the_published_field(layer, field, stride, padding):
    """Araujo, Norris and Sim 2019 (doi 10.23915/distill.00021)."""
    axes = analyse(build("vgg16:head=none")).fields[layer].axes
    assert axes is not None
    assert (axes[0].extents, axes[0].advance, axes[0].offsets) == ((field,), stride, (-padding,))


def test_the_stack_of_hinton_and_salakhutdinov_narrows_to_its_code():
    facts = analyse(build("dense_autoencoder"))
    vectors = [shape[0] for shape in facts.shapes.values() if len(shape) == 1]
    assert list(dict.fromkeys(vectors)) == [784, 1000, 500, 250, 30]
    assert facts.layers["output"].shape == (1, 28, 28)


def test_layer_i_of_the_symmetric_denoiser_is_added_to_layer_n_minus_i():
    graph = build("symmetric_denoiser:layers=30")
    joined = {name: graph[name].inputs for name in graph.consumers if name.startswith("join")}
    assert joined == {
        f"join{30 - i}": (f"deconv{30 - i}.conv", f"conv{i}.act") for i in range(2, 15, 2)
    }
    assert all(graph.consumers[name] == (f"act{name[4:]}",) for name in joined)


def test_layer_i_of_the_pix2pix_generator_joins_layer_n_minus_i():
    graph = build("pix2pix")
    assert [graph[f"join{i}"].inputs for i in range(1, 8)] == [
        (f"enc{i}.norm" if i > 1 else "enc1.conv", f"dec{i}.{last}")
        for i in range(1, 8)
        for last in ["dropout" if 4 <= i < 7 else "norm"]
    ]
    facts = analyse(graph)
    assert facts.shapes["bottleneck.conv"] == (512, 1, 1)
