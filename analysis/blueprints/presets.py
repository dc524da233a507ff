"""Presets: published networks by the names that people know, each with its source.

A preset is a blueprint with settings; the command line knows it by its key, as in `vgg16`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.blueprints.settings import Settings, Value
from analysis.blueprints.table import BLUEPRINTS
from analysis.faults import Fault


@dataclass(frozen=True, slots=True)
class Paper:
    """Where a network was published."""

    authors: str
    year: int
    place: str
    """`arXiv 1505.04597`, or a DOI."""

    def __str__(self) -> str:
        return f"{self.authors} {self.year}, {self.place}"


@dataclass(frozen=True, slots=True)
class Preset:
    """A network by name: the settings that differ from its blueprint's defaults, and its paper."""

    key: str
    """What the command line calls it; no blueprint is called so."""
    title: str
    """English name on screen, translated by the viewer."""
    blueprint: str
    settings: Settings
    paper: Paper

    complete: Settings
    """All settings of the blueprint."""


_ALOM = Paper("Alom, Hasan, Yakopcic, Taha, Asari", 2018, "arXiv 1802.06955")
_CHAURASIA = Paper("Chaurasia, Culurciello", 2017, "arXiv 1707.03718")
_DONG = Paper("Dong, Loy, He, Tang", 2014, "arXiv 1501.00092")
_HE = Paper("He, Zhang, Ren, Sun", 2016, "arXiv 1512.03385")
_HINTON = Paper("Hinton, Salakhutdinov", 2006, "doi 10.1126/science.1127647")
_ISOLA = Paper("Isola, Zhu, Zhou, Efros", 2017, "arXiv 1611.07004")
_KIM = Paper("Kim, Lee, Lee", 2016, "arXiv 1511.04587")
_LONG = Paper("Long, Shelhamer, Darrell", 2015, "arXiv 1411.4038")
_MAO = Paper("Mao, Shen, Yang", 2016, "arXiv 1603.09056")
_OKTAY = Paper("Oktay et al.", 2018, "arXiv 1804.03999")
_QIN = Paper("Qin, Zhang, Huang, Dehghan, Zaiane, Jagersand", 2020, "arXiv 2005.09007")
_RONNEBERGER = Paper("Ronneberger, Fischer, Brox", 2015, "arXiv 1505.04597")
_SIMONYAN = Paper("Simonyan, Zisserman", 2015, "arXiv 1409.1556")
_YU = Paper("Yu, Koltun", 2016, "arXiv 1511.07122")
_ZHANG_DNCNN = Paper("Zhang, Zuo, Chen, Meng, Zhang", 2017, "arXiv 1608.03981")
_ZHANG_IRCNN = Paper("Zhang, Zuo, Gu, Zhang", 2017, "arXiv 1704.03264")
_ZHANG_ROADS = Paper("Zhang, Liu, Wang", 2018, "arXiv 1711.10684")
_ZHOU = Paper("Zhou, Siddiquee, Tajbakhsh, Liang", 2018, "arXiv 1807.10165")

_GREY = "in=1,out=1"
_DENOISER = f"norm=batch,result=subtracted,{_GREY}"
_CONTEXT = "kernel=3-3-3-3-3-3-3-1,dilation=1-1-2-4-8-16-1-1,channels=21,in=21,out=21,size=64"

_ROWS: tuple[tuple[str, str, str, Paper], ...] = (
    (
        "unet_2015",
        "U-Net 2015, 572 → 388",
        "unet:padding=valid,base=64,norm=none,in=1,out=2",
        _RONNEBERGER,
    ),
    ("attention_unet_2018", "Attention U-Net 2018", "attention_unet:base=64,in=1,out=2", _OKTAY),
    (
        "unet_plus_plus_2018",
        "U-Net++ 2018, 9.04 M",
        f"unet_plus_plus:norm=none,supervision=mean,{_GREY}",
        _ZHOU,
    ),
    ("u2net_2020", "U²-Net 2020, 44.0 M", "u2net:variant=full", _QIN),
    ("u2net_small_2020", "U²-Net† 2020, 1.13 M", "u2net:variant=small", _QIN),
    ("residual_unet_2018", "Deep residual U-Net, 224", "residual_unet", _ZHANG_ROADS),
    ("r2unet_2018", "R2U-Net 2018, 39.1 M", "recurrent_residual_unet:base=64,out=1", _ALOM),
    ("linknet_2017", "LinkNet 2017", "linknet:out=20,size=512", _CHAURASIA),
    ("fcn32s", "FCN-32s", "fcn:skip=32s", _LONG),
    ("fcn16s", "FCN-16s", "fcn:skip=16s", _LONG),
    ("fcn8s", "FCN-8s", "fcn:skip=8s", _LONG),
    ("red10", "RED10", f"symmetric_denoiser:layers=10,{_GREY}", _MAO),
    ("red20", "RED20", f"symmetric_denoiser:layers=20,{_GREY}", _MAO),
    ("red30", "RED30", f"symmetric_denoiser:layers=30,base=128,{_GREY}", _MAO),
    (
        "srcnn",
        "SRCNN 9-1-5",
        f"plain_chain:layers=3,kernel=9-1-5,channels=64-32,padding=valid,{_GREY}",
        _DONG,
    ),
    ("vdsr", "VDSR, field 41", f"plain_chain:layers=20,result=added,{_GREY}", _KIM),
    ("dncnn_s", "DnCNN-S, field 35", f"plain_chain:layers=17,{_DENOISER}", _ZHANG_DNCNN),
    ("dncnn_b", "DnCNN-B, field 41", f"plain_chain:layers=20,{_DENOISER}", _ZHANG_DNCNN),
    (
        "ircnn",
        "IRCNN, dilated, field 33",
        f"plain_chain:layers=7,dilation=1-2-3-4-3-2-1,{_DENOISER}",
        _ZHANG_IRCNN,
    ),
    (
        "context_module",
        "Context module, field 67",
        f"plain_chain:layers=8,{_CONTEXT}",
        _YU,
    ),
    ("pix2pix_256", "pix2pix generator, 256", "pix2pix", _ISOLA),
    ("patch_16", "PatchGAN, 16 × 16", "patch_discriminator:layers=1", _ISOLA),
    ("patch_70", "PatchGAN, 70 × 70", "patch_discriminator", _ISOLA),
    ("patch_286", "PatchGAN, 286 × 286", "patch_discriminator:layers=5", _ISOLA),
    ("deep_autoencoder_2006", "784-1000-500-250-30", "dense_autoencoder", _HINTON),
    *((f"vgg{n}", f"VGG-{n}", f"vgg:layers={n}", _SIMONYAN) for n in (11, 13, 16, 19)),
    *((f"resnet{n}", f"ResNet-{n}", f"resnet:layers={n}", _HE) for n in (18, 34, 50, 101, 152)),
    (
        "resnet50_2016",
        "ResNet-50 of 2016, field 483",
        "resnet:layers=50,halving=1x1",
        _HE,
    ),
)


def _made(key: str, title: str, model: str, paper: Paper) -> Preset:
    """A preset from its row; raises ValueError where its settings cannot be read."""
    name, _, tail = model.partition(":")
    settings: dict[str, Value] = {}
    for part in filter(None, tail.split(",")):
        read = BLUEPRINTS[name].read(*part.split("="))
        if isinstance(read, Fault):
            raise ValueError(f"{key}: {read}")
        settings[read[0]] = read[1]
    return Preset(key, title, name, settings, paper, BLUEPRINTS[name].complete(settings))


PRESETS: Mapping[str, Preset] = {row[0]: _made(*row) for row in _ROWS}
"""By key, in the order of the blueprints."""


def preset_of(blueprint: str, settings: Settings) -> Preset | None:
    """The preset that has exactly these settings; None where there is none."""
    for preset in PRESETS.values():
        if preset.blueprint == blueprint and preset.complete == settings:
            return preset
    return None
