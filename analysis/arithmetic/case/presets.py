"""The guide's animations and numerical figures, each by its own name."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.arithmetic.case.case import Case

Grid = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Preset:
    """A case under the guide's name; its values where the guide prints them, else None."""

    name: str
    case: Case
    input_values: Grid | None = None
    kernel_values: Grid | None = None


def _direct(name: str, i: int, k: int = 3, s: int = 1, p: int = 0, d: int = 1) -> Preset:
    return Preset(name, Case("conv", (i, i), (k, k), (s, s), (p, p), (d, d)))


def _transposed(name: str, i: int, k: int = 3, s: int = 1, p: int = 0, a: int = 0) -> Preset:
    case = Case("transposed", (i, i), (k, k), (s, s), (p, p), output_padding=(a, a))
    return Preset(f"{name}_transposed", case)


_KERNEL: Grid = ((0, 1, 2), (2, 2, 0), (0, 1, 2))
_FIGURE: Grid = (
    (3, 3, 2, 1, 0),
    (0, 0, 1, 3, 1),
    (3, 1, 2, 2, 3),
    (2, 0, 0, 2, 2),
    (2, 0, 0, 0, 1),
)
_FIRST: Grid = ((1, 2, 3, 0), (0, 1, 2, 3), (3, 0, 1, 2), (2, 3, 0, 1))

PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset("no_padding_no_strides", Case(), _FIRST, _KERNEL),
        _direct("arbitrary_padding_no_strides", 5, k=4, p=2),
        _direct("same_padding_no_strides", 5, p=1),
        _direct("full_padding_no_strides", 5, p=2),
        _direct("no_padding_strides", 5, s=2),
        _direct("padding_strides", 5, s=2, p=1),
        _direct("padding_strides_odd", 6, s=2, p=1),
        _direct("dilation", 7, d=2),
        _transposed("no_padding_no_strides", 2),
        _transposed("arbitrary_padding_no_strides", 6, k=4, p=2),
        _transposed("same_padding_no_strides", 5, p=1),
        _transposed("full_padding_no_strides", 7, p=2),
        _transposed("no_padding_strides", 2, s=2),
        _transposed("padding_strides", 3, s=2, p=1),
        _transposed("padding_strides_odd", 3, s=2, p=1, a=1),
        Preset("numerical_no_padding_no_strides", Case(in_size=(5, 5)), _FIGURE, _KERNEL),
        Preset(
            "numerical_padding_strides",
            Case(in_size=(5, 5), stride=(2, 2), padding=(1, 1)),
            _FIGURE,
            _KERNEL,
        ),
        Preset("numerical_average_pooling", Case("pool", (5, 5), mode="average"), _FIGURE),
        Preset("numerical_max_pooling", Case("pool", (5, 5)), _FIGURE),
    )
}
"""The 15 animations (each but `dilation` also transposed) and the four numerical figures; the
first is the one that the view opens with."""
