"""Builds the network of a configuration as a graph, with the names its checkpoint has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis import operators as ops
from analysis.exchange.plans_file.architecture import Architecture, Axes, architecture
from analysis.exchange.plans_file.configurations import PlansError, settings_of
from analysis.exchange.plans_file.folder import read_labels, trained_files
from analysis.faults import Fault
from analysis.graph import Graph, Node
from analysis.operators.contract import Operator


@dataclass(frozen=True)
class Planned:
    """A network as plans describe it; `unused_parameters` are those of deep supervision alone."""

    graph: Graph
    title: str
    unused_parameters: int


def network_of(plans: Mapping[str, Any], name: str, path: Path) -> Planned:
    """The network that is trained with a configuration of the plans in `path`.

    `dataset.json` beside it says how many classes there are. What is added for deep supervision is
    left out, as nnU-Net does where it predicts. Raises PlansError, OSError.
    """
    settings = settings_of(plans, name, path.name)
    found = architecture(settings, path.name)
    schemes, dataset = settings.get("normalization_schemes"), trained_files(path).dataset
    if not isinstance(schemes, list | dict) or not schemes:
        numbers = (path.name, "normalization_schemes", repr(schemes)[:60])
        raise PlansError(Fault("plans-setting", numbers))
    if dataset is None:
        raise PlansError(Fault("plans-classes", (path.name,)))
    labels = read_labels(dataset)
    further = labels.foreground if settings.get("previous_stage") else 0
    graph = _Builder(found).graph(len(schemes) + further, labels.classes)
    title = f"{plans.get('dataset_name') or path.stem} {name}"
    unused = sum((width + 1) * labels.classes for width in found.features[1:-1])
    return Planned(graph, title[:200], unused)


class _Builder:
    """Puts node behind node; every method gives the id of its last one."""

    def __init__(self, found: Architecture) -> None:
        self._found = found
        self._nodes: list[Node] = []

    def graph(self, channels: int, classes: int) -> Graph:
        found = self._found
        source = self._put("input", ops.Input(channels, found.patch))
        if found.blocks:
            source = self._conv("encoder.stem.convs.0", found.stem, found.kernels[0], (), source)
        skips: list[str] = []
        width = found.stem
        for stage in range(len(found.features)):
            make = self._residual_stage if found.blocks else self._plain_stage
            source = make(stage, width, source)
            width = found.features[stage]
            skips.append(source)
        source = self._decoder(skips)
        last = len(found.features) - 2
        one = (1,) * len(found.patch)
        head = ops.Convolution(classes, one, one, ((0, 0),) * len(one))
        self._put("output", ops.Output(), self._put(f"decoder.seg_layers.{last}", head, source))
        return Graph.of(self._nodes)

    def _put(self, name: str, operator: Operator, *sources: str) -> str:
        scope = name.rpartition(".")[0].replace(".", "/")
        self._nodes.append(Node(name, operator, sources, scope))
        return name

    def _plain_stage(self, stage: int, width: int, source: str) -> str:
        del width  # a convolution takes what there is
        found = self._found
        for number in range(found.convs[stage]):
            name = f"encoder.stages.{stage}.0.convs.{number}"
            stride = found.strides[stage] if number == 0 else ()
            source = self._conv(name, found.features[stage], found.kernels[stage], stride, source)
        return source

    def _decoder(self, skips: list[str]) -> str:
        found, source = self._found, skips[-1]
        for number in range(len(skips) - 1):
            stride, features = found.strides[-1 - number], found.features[-2 - number]
            up = ops.TransposedConvolution(
                features, stride, stride, (0,) * len(stride), (0,) * len(stride),
                (1,) * len(stride), bias=found.layers.bias,
            )  # fmt: skip
            source = self._put(f"decoder.transpconvs.{number}", up, source)
            cat = f"decoder.cat{number + 1 if number else ''}"
            source = self._put(cat, ops.Concatenate(), source, skips[-2 - number])
            for conv in range(found.decoder_convs[number]):
                name, kernel = f"decoder.stages.{number}.convs.{conv}", found.kernels[-2 - number]
                source = self._conv(name, features, kernel, (), source)
        return source

    # ---------------------------------------------------------------------------- blocks

    def _residual_stage(self, stage: int, width: int, source: str) -> str:
        found = self._found
        for number in range(found.convs[stage]):
            name = f"encoder.stages.{stage}.blocks.{number}"
            stride = found.strides[stage] if number == 0 else (1,) * len(found.patch)
            source = self._block(name, stage, width, stride, source)
            width = found.features[stage]
        return source

    def _block(self, name: str, stage: int, width: int, stride: Axes, source: str) -> str:
        """Two convolutions or, narrow inside, three; beside them what is added: as in ResNet-D."""
        found, features = self._found, self._found.features[stage]
        kernel, one = found.kernels[stage], (1,) * len(stride)
        inner, last = source, 2
        if found.inner:
            narrow, last = found.inner[stage], 3
            inner = self._conv(f"{name}.conv1", narrow, one, (), inner, dropout=False)
            inner = self._conv(f"{name}.conv2", narrow, kernel, stride, inner)
            inner = self._conv(f"{name}.conv3", features, one, (), inner, False, False)
        else:
            inner = self._conv(f"{name}.conv1", features, kernel, stride, inner)
            inner = self._conv(f"{name}.conv2", features, kernel, (), inner, False, False)
        beside, place = source, 0
        if set(stride) != {1}:
            pool = ops.AveragePool(stride, stride)
            beside, place = self._put(f"{name}.skip.0", pool, beside), 1
        if width != features:
            beside = self._conv(
                f"{name}.skip.{place}", features, one, (), beside, False, False, bias=False
            )
        total = self._put(f"{name}.add", ops.Add(), inner, beside)
        activation = found.layers.activation
        return total if activation is None else self._put(f"{name}.nonlin{last}", activation, total)

    def _conv(
        self,
        name: str,
        channels: int,
        kernel: Axes,
        stride: Axes,
        source: str,
        dropout: bool = True,
        active: bool = True,
        bias: bool | None = None,
    ) -> str:
        """A convolution, and behind it dropout, norm and activation where there are any."""
        layers, one = self._found.layers, (1,) * len(kernel)
        padding = tuple(((side - 1) // 2, (side - 1) // 2) for side in kernel)
        has_bias = layers.bias if bias is None else bias
        conv = ops.Convolution(channels, kernel, stride or one, padding, one, bias=has_bias)
        behind = [("dropout", layers.dropout if dropout else None), ("norm", layers.norm)]
        behind.append(("nonlin", layers.activation if active else None))
        if layers.activation_first and active:
            behind[1:] = behind[:0:-1]
        source = self._put(f"{name}.conv", conv, source)
        for part, operator in behind:
            if operator is not None:
                source = self._put(f"{name}.{part}", operator, source)
        return source
