"""Reads from a configuration which network it is: PlainConvUNet or ResidualEncoderUNet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis import operators as ops
from analysis.exchange.plans_file.configurations import PlansError
from analysis.faults import Fault
from analysis.operators.contract import Operator
from analysis.operators.window import MOST_CHANNELS

CLASSES = ("PlainConvUNet", "ResidualEncoderUNet")
MOST_STAGES, MOST_LAYERS, LONGEST = 16, 64, 4096
Axes = tuple[int, ...]


@dataclass(frozen=True)
class Layers:
    """The layers behind every convolution: dropout, norm and activation, None where left out."""

    bias: bool
    norm: Operator | None
    dropout: Operator | None
    activation: Operator | None
    activation_first: bool = False


@dataclass(frozen=True)
class Architecture:
    """A network of stages, the finest first; the decoder's counts begin at the coarsest.

    `blocks` says which residual blocks its encoder is made of; "" is none. Then `convs` counts
    these, `inner` their narrow channels, and `stem` the channels before the first one.
    """

    patch: Axes
    features: Axes
    kernels: tuple[Axes, ...]
    strides: tuple[Axes, ...]
    convs: Axes
    decoder_convs: Axes
    layers: Layers
    blocks: str = ""
    inner: Axes = ()
    stem: int = 0


def architecture(settings: Mapping[str, Any], file: str) -> Architecture:
    """The network of a configuration. Raises PlansError."""
    return _Reader(file).architecture(settings)


class _Reader:
    def __init__(self, file: str) -> None:
        self._file = file

    def _refuse(self, setting: str, value: object) -> PlansError:
        """To be raised for what is none of what is known."""
        return PlansError(Fault("plans-setting", (self._file, setting, repr(value)[:60])))

    def architecture(self, settings: Mapping[str, Any]) -> Architecture:
        patch = self._numbers("patch_size", settings.get("patch_size"), LONGEST)
        if not 1 <= len(patch) <= 3:
            raise self._refuse("patch_size", list(patch))
        told = settings.get("architecture")
        name, given = self._named(told) if told is not None else self._older(settings)
        if name not in CLASSES:
            raise PlansError(Fault("plans-architecture", (self._file, name, ", ".join(CLASSES))))
        residual = name == CLASSES[1]
        count = self._number("n_stages", given.get("n_stages"), MOST_STAGES)
        if count < 2:
            raise self._refuse("n_stages", count)
        axes = len(patch)
        self._check_axes(given.get("conv_op"), axes)
        features = self._per_stage("features_per_stage", given, count, MOST_CHANNELS)
        every = "n_blocks_per_stage" if residual else "n_conv_per_stage"
        return Architecture(
            patch,
            features,
            self._windows("kernel_sizes", given, count, axes),
            self._windows("strides", given, count, axes),
            self._per_stage(every, given, count, MOST_LAYERS),
            self._per_stage("n_conv_per_stage_decoder", given, count - 1, MOST_LAYERS),
            self._layers(given),
            *(self._residual(given, count, features) if residual else ()),
        )

    def _named(self, told: Any) -> tuple[str, Mapping[str, Any]]:
        if not isinstance(told, Mapping) or not isinstance(told.get("arch_kwargs"), Mapping):
            raise self._refuse("architecture", told)
        return str(told.get("network_class_name")).rpartition(".")[2], told["arch_kwargs"]

    def _older(self, settings: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """What plans said before they named the network's arguments."""
        name = str(settings.get("UNet_class_name"))
        counts = settings.get("n_conv_per_stage_encoder")
        if not isinstance(counts, list):
            raise self._refuse("architecture", settings.get("architecture"))
        base = self._number("UNet_base_num_features", settings.get("UNet_base_num_features"))
        most = self._number("unet_max_num_features", settings.get("unet_max_num_features"))
        stages = range(min(len(counts), MOST_STAGES + 1))
        return name, {
            "n_stages": len(counts),
            "features_per_stage": [min(base * 2**stage, most) for stage in stages],
            "kernel_sizes": settings.get("conv_kernel_sizes"),
            "strides": settings.get("pool_op_kernel_sizes"),
            "n_conv_per_stage": counts,
            "n_blocks_per_stage": counts,
            "n_conv_per_stage_decoder": settings.get("n_conv_per_stage_decoder"),
            "conv_bias": True,
            "norm_op": "InstanceNorm",
            "norm_op_kwargs": {"eps": 1e-5, "affine": True},
            "nonlin": "LeakyReLU",
        }

    # --------------------------------------------------------------------------- numbers

    def _number(self, setting: str, value: object, most: int = MOST_CHANNELS) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise self._refuse(setting, value)
        return value

    def _numbers(self, setting: str, value: object, most: int) -> Axes:
        if not isinstance(value, list):
            raise self._refuse(setting, value)
        return tuple(self._number(setting, each, most) for each in value)

    def _per_stage(self, setting: str, given: Mapping[str, Any], count: int, most: int) -> Axes:
        """One number for every stage; plans may give one for all."""
        value = given.get(setting)
        found = (value,) * count if isinstance(value, int) else value
        if not isinstance(found, Sequence) or isinstance(found, str) or len(found) != count:
            raise self._refuse(setting, value)
        return tuple(self._number(setting, each, most) for each in found)

    def _windows(
        self, setting: str, given: Mapping[str, Any], count: int, axes: int
    ) -> tuple[Axes, ...]:
        """One number for every axis of every stage; one may stand for all of either."""
        value = given.get(setting)
        stages = [value] * count if isinstance(value, int) else value
        if not isinstance(stages, list) or len(stages) != count:
            raise self._refuse(setting, value)
        found = [[each] * axes if isinstance(each, int) else each for each in stages]
        if any(not isinstance(each, list) or len(each) != axes for each in found):
            raise self._refuse(setting, value)
        return tuple(self._numbers(setting, each, MOST_LAYERS) for each in found)

    def _check_axes(self, named: object, axes: int) -> None:
        if named is not None and not str(named).endswith(f"Conv{axes}d"):
            raise self._refuse("conv_op", named)

    # ------------------------------------------------------------------------------ layers

    def _layers(self, given: Mapping[str, Any]) -> Layers:
        bias, first = given.get("conv_bias", False), given.get("nonlin_first", False)
        norm, activation = self._norm(given), self._activation(given)
        return Layers(
            bool(bias), norm, self._dropout(given), activation, bool(first and norm and activation)
        )

    def _settings(self, given: Mapping[str, Any], name: str, *known: str) -> Mapping[str, Any]:
        """The settings of a layer; one that is not among the known ones is refused."""
        found = given.get(f"{name}_kwargs") or {}
        if not isinstance(found, Mapping):
            raise self._refuse(f"{name}_kwargs", found)
        for key, value in found.items():
            plain = isinstance(value, int | float | bool)
            if key not in (*known, "inplace", "momentum") or not plain:
                raise self._refuse(f"{name}_kwargs", {key: value})
        return found

    def _norm(self, given: Mapping[str, Any]) -> Operator | None:
        if given.get("norm_op") is None:
            return None
        name = _class(given["norm_op"])
        told = self._settings(given, "norm_op", "eps", "affine")
        eps = float(told.get("eps", 1e-5))
        if name == "InstanceNorm":
            return ops.InstanceNorm(bool(told.get("affine", False)), eps)
        if name == "BatchNorm":
            return ops.BatchNorm(eps, bool(told.get("affine", True)))
        raise self._refuse("norm_op", given["norm_op"])

    def _dropout(self, given: Mapping[str, Any]) -> Operator | None:
        if given.get("dropout_op") is None:
            return None
        if _class(given["dropout_op"]) != "Dropout":
            raise self._refuse("dropout_op", given["dropout_op"])
        rate = float(self._settings(given, "dropout_op", "p").get("p", 0.5))
        return ops.Dropout(rate) if 0 <= rate <= 1 else None

    def _activation(self, given: Mapping[str, Any]) -> Operator | None:
        if given.get("nonlin") is None:
            return None
        name = _class(given["nonlin"])
        told = self._settings(given, "nonlin", "negative_slope", "alpha")
        match name:
            case "LeakyReLU":
                return ops.LeakyReLU(float(told.get("negative_slope", 0.01)))
            case "ELU":
                return ops.ELU(float(told.get("alpha", 1.0)))
            case "ReLU" | "SiLU" | "GELU" | "PReLU":
                kinds = {"ReLU": ops.ReLU, "SiLU": ops.SiLU, "GELU": ops.GELU, "PReLU": ops.PReLU}
                return kinds[name]()
        raise self._refuse("nonlin", given["nonlin"])

    def _residual(
        self, given: Mapping[str, Any], count: int, features: Axes
    ) -> tuple[str, Axes, int]:
        """Which blocks, how narrow they are inside, and the channels of the stem."""
        block = str(given.get("block") or "BasicBlockD").rpartition(".")[2]
        if block not in ("BasicBlockD", "BottleneckD"):
            raise self._refuse("block", block)
        inner: Axes = ()
        if block == "BottleneckD":
            inner = self._per_stage("bottleneck_channels", given, count, MOST_CHANNELS)
        stem = given.get("stem_channels")
        return block, inner, features[0] if stem is None else self._number("stem_channels", stem)


def _class(named: object) -> str:
    """`InstanceNorm` of `torch.nn.modules.instancenorm.InstanceNorm3d`."""
    name = str(named).rpartition(".")[2]
    return name[:-2] if name[-2:] in ("1d", "2d", "3d") else name
