"""The block of convolutions at one level of a U-Net: plain, residual or recurrent."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.blueprints.assembly import Assembly, activation, convolution
from analysis.blueprints.settings import Settings, at_level
from analysis.operators import Add, CropLike

KINDS = ("plain", "residual", "recurrent", "recurrent_residual")
PASSES = 2
"""How often a recurrent convolution runs again on its own output (t = 2 in R2U-Net)."""


def has_bias(settings: Settings) -> bool:
    """Whether convolutions have a bias: where no normalisation follows, or everywhere."""
    return settings["norm"] == "none" or settings.get("bias") == "always"


@dataclass(frozen=True)
class Block:
    """What the blocks of one network have in common, and the dilation of one of them."""

    convs: int
    kernel: int
    padding: str
    norm: str
    activation: str
    bias: bool
    kind: str = "plain"
    dilation: int = 1

    @classmethod
    def of(cls, settings: Settings, level: int) -> Block:
        """The block of `level`, counted from 1; the bottleneck comes after the last."""
        return cls(
            convs=int(settings["convs"]),
            kernel=int(settings["kernel"]),
            padding=str(settings["padding"]),
            norm=str(settings["norm"]),
            activation=str(settings["activation"]),
            bias=has_bias(settings),
            kind=str(settings["block"]),
            dilation=int(at_level(settings, "dilation", level)),
        )

    @property
    def shrinkage(self) -> int:
        """The pixels that an axis loses in the block where nothing is padded."""
        passes = PASSES + 1 if self.kind.startswith("recurrent") else 1
        return self.convs * passes * self.dilation * (self.kernel - 1)

    def add(self, net: Assembly, scope: str, came: int, channels: int) -> None:
        """Put the block behind the last node, which has `came` channels."""
        if self.kind == "residual":
            self._residual(net, scope, came, channels)
        elif self.kind == "plain":
            for i in range(1, self.convs + 1):
                self._layer(net, scope, channels, str(i))
        else:
            self._recurrent(net, scope, channels)

    def _layer(
        self, net: Assembly, scope: str, channels: int, name: str, weights_of: str = ""
    ) -> None:
        self._linear(net, scope, channels, name, weights_of)
        net.add(f"{scope}.act{name}", activation(self.activation), scope)

    def _linear(
        self, net: Assembly, scope: str, channels: int, name: str, weights_of: str = ""
    ) -> None:
        """A convolution and its normalisation, with the weights of another's in this block."""
        conv, norm = (f"{scope}.{kind}{weights_of}" * bool(weights_of) for kind in ("conv", "norm"))
        layer = convolution(
            channels,
            self.kernel,
            self.padding,
            bias=self.bias,
            dilation=self.dilation,
        )
        net.add(f"{scope}.conv{name}", layer, scope, weights_of=conv)
        net.norm(f"{scope}.norm{name}", self.norm, channels, scope, norm)

    def _residual(self, net: Assembly, scope: str, came: int, channels: int) -> None:
        """The input is added before the last activation: He et al. 2016 (arXiv 1512.03385).

        A 1 × 1 convolution brings it to the block's channels where it has others.
        """
        entry = net.last
        for i in range(1, self.convs):
            self._layer(net, scope, channels, str(i))
        self._linear(net, scope, channels, str(self.convs))
        inner = net.last
        if came != channels:
            entry = net.add(
                f"{scope}.shortcut",
                convolution(channels, 1, bias=self.bias),
                scope,
                (entry,),
            )
            net.norm(f"{scope}.shortcut.norm", self.norm, channels, scope)
            entry = net.last
        self._sum(net, scope, "sum", inner, entry)
        net.add(f"{scope}.act{self.convs}", activation(self.activation), scope)

    def _recurrent(self, net: Assembly, scope: str, channels: int) -> None:
        """Recurrent convolutions behind a 1 × 1 one: Alom et al. 2018 (arXiv 1802.06955).

        A recurrent convolution runs again on the sum of its input and its output. All its passes
        use the same weights, and their normalisations too, as in the published code
        (https://github.com/LeeJunHyun/Image_Segmentation, whose block runs t + 1 times).
        """
        net.add(f"{scope}.entry", convolution(channels, 1), scope)
        start = net.last
        for i in range(1, self.convs + 1):
            first = net.last
            self._layer(net, scope, channels, str(i))
            for again in range(1, PASSES + 1):
                self._sum(net, scope, f"sum{i}.{again}", net.last, first)
                self._layer(net, scope, channels, f"{i}.{again}", str(i))
        if self.kind == "recurrent_residual":
            self._sum(net, scope, "sum", net.last, start)

    def _sum(self, net: Assembly, scope: str, name: str, inner: str, entry: str) -> None:
        """Add the block's input, cut to the size that is left where nothing is padded."""
        if self.padding == "valid" and self.kernel > 1:
            entry = net.add(f"{scope}.{name}.crop", CropLike(), scope, (entry, inner))
        net.add(f"{scope}.{name}", Add(), scope, (inner, entry))
