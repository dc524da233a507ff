"""Names operators and their settings in the panels of Build."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from analysis.facts import Facts
from analysis.graph import Node
from analysis.operators import (
    AdaptivePool,
    AveragePool,
    ChannelPool,
    ChannelShuffle,
    ChannelSlice,
    Convolution,
    Dropout,
    FollowedCall,
    GroupNorm,
    Linear,
    MaxPool,
    Opaque,
    ParameterArithmetic,
    PiecewiseFunction,
    PlacedCall,
    ScalarArithmetic,
    SmoothFunction,
    TransposedConvolution,
    Upsample,
)
from analysis.operators.contract import Operator, SettingKind, Shape
from analysis.receptive_field import Field
from viewer.text import number_format
from viewer.text.translation import language, mark, tr

SETTINGS = {
    "channels": mark("Channels out"),
    "size": mark("Size"),
    "kernel": mark("Kernel"),
    "stride": mark("Stride"),
    "padding": mark("Padding"),
    "dilation": mark("Dilation"),
    "output_padding": mark("Output padding"),
    "groups": mark("Groups"),
    "bias": mark("Bias"),
    "border": mark("Border"),
    "ceil_mode": mark("Round up"),
    "count_include_pad": mark("Count padding"),
    "mode": mark("Mode"),
    "keep": mark("Keep the axes"),
    "scale": mark("Scale"),
    "align_corners": mark("Align corners"),
    "factor": mark("Factor"),
    "eps": mark("Epsilon"),
    "affine": mark("Scale and shift"),
    "slope": mark("Slope"),
    "per_channel": mark("Slope by channel"),
    "alpha": mark("Alpha"),
    "approximate": mark("Approximation"),
    "p": mark("Probability"),
    "features": mark("Features"),
    "before": mark("Before"),
    "after": mark("After"),
    "value": mark("Value"),
    "axis": mark("Axis"),
    "to": mark("Shape"),
    "function": mark("Function"),
    "start": mark("First channel"),
    "stop": mark("End"),
    "step": mark("Step"),
    "where": mark("Where"),
    "multiple": mark("Multiple"),
    "window": mark("Window"),
}
"""Names of settings that several operators share; others come with the operator."""
HINTS = {
    "channels": mark("How many feature maps come out."),
    "size": mark("Height × width; one number means a square."),
    "kernel": mark("Height × width of the window; one number means a square."),
    "stride": mark("How far the window moves from one output to the next."),
    "padding": mark(
        "Rows and columns added on each side before the window moves. "
        "Where the sides differ: top + bottom × left + right."
    ),
    "dilation": mark("Distance between neighbouring cells of the kernel."),
    "output_padding": mark("Rows and columns added at the end of the output."),
    "groups": mark("The channels are cut into so many parts that do not see each other."),
    "bias": mark("One trainable number added to each channel."),
    "border": mark("What stands in the added rows and columns."),
    "ceil_mode": mark("A last window that reaches over the edge counts too."),
    "count_include_pad": mark("Padding counts in the average."),
    "scale": mark("How many times larger the map becomes."),
    "align_corners": mark("The corners of input and output lie on each other."),
    "eps": mark("Added to the variance so that nothing is divided by zero."),
    "affine": mark("A trainable factor and offset for each channel."),
    "slope": mark("The factor of negative values."),
    "p": mark("The share of values set to zero in training."),
    "features": mark("How many numbers come out."),
    "per_channel": mark("Each channel learns a slope of its own."),
    "alpha": mark("The function goes towards minus this value on the negative side."),
    "approximate": mark("Whether the function is computed exactly or by a faster formula."),
    "mode": mark("How several values become one, or how values between two are found."),
    "function": mark("What is done with each value."),
    "value": mark("The number that is used."),
    "keep": mark("Keeps each axis with a length of 1; otherwise a vector comes out."),
    "factor": mark("How many times the height and the width change."),
    "before": mark("Rows at the top and columns at the left."),
    "after": mark("Rows at the bottom and columns at the right."),
    "to": mark("Channels × height × width of what comes out; the number of values stays."),
    "step": mark("Every so many channels one is taken."),
    "start": mark("Channels are counted from 0."),
    "stop": mark("The first channel that is left out again."),
    "where": mark("Where the added rows and columns stand: at the end, or half of them before."),
    "multiple": mark("The sides of what comes out are multiples of this number."),
    "window": mark(
        "Windows of so many pixels that begin at these multiples hold every pixel; "
        "0 means as long as the multiple."
    ),
}
"""One sentence for each setting that is not plain from its name."""
PIXELS = frozenset(
    ("kernel", "stride", "padding", "dilation", "output_padding", "size", "before", "after")
)
"""The settings that count pixels."""
CHOICES = {
    "end": mark("at the end"),
    "middle": mark("on both sides"),
    "middle_up": mark("on both sides, more before"),
    "drop": mark("zeros"),
    "clamp": mark("replicate"),
    "reflect": mark("reflect"),
    "circular": mark("circular"),
    "average": mark("average"),
    "max": mark("max"),
    "nearest": mark("nearest"),
    "nearest_exact": mark("nearest, exact"),
    "linear": mark("linear"),
    "cubic": mark("cubic"),
    "none": mark("none"),
    "tanh": mark("tanh"),
    "sum": mark("sum"),
    "add": mark("add"),
    "subtract": mark("subtract"),
    "subtract_from": mark("subtract from"),
    "multiply": mark("multiply"),
    "divide": mark("divide"),
    "normal": mark("normal"),
    "uniform": mark("uniform"),
    "bernoulli": mark("zeros and ones"),
}


_FORMULAS = {
    "add": "x + {}",
    "subtract": "x − {}",
    "subtract_from": "{} − x",
    "multiply": "x × {}",
    "divide": "x ÷ {}",
}


def operator_title(operator: Operator | type[Operator]) -> str:
    """The translated name of a family of operators, which the family itself brings."""
    return tr(operator.title or operator.key)


def setting_title(kind: SettingKind) -> str:
    """The English name of a setting: its own, else the one that operators share."""
    return kind.title or SETTINGS.get(kind.name, kind.name)


def setting_hint(kind: SettingKind) -> str:
    """One English sentence about a setting: its own, else the one that operators share, or none."""
    return kind.hint or HINTS.get(kind.name, "")


def setting_help(kind: SettingKind) -> str:
    """What a setting does and what it may be: `Distance between … From 1 to 4 096 pixels.`"""
    hint = setting_hint(kind)
    parts = [tr(hint) if hint else "", _range_text(kind)]
    return language.row.space.join(part for part in parts if part)


def _range_text(kind: SettingKind) -> str:
    """`From 1 to 4 096 pixels.`, `At least 0.`, or nothing where every number will do."""
    pixels = kind.name in PIXELS
    if kind.low is None:
        return ""
    low = f"{kind.low:g}"
    if kind.high is None:
        return tr("At least {low} pixels.", low=low) if pixels else tr("At least {low}.", low=low)
    whole = kind.high == int(kind.high)
    high = number_format.grouped(int(kind.high)) if whole else f"{kind.high:g}"
    if pixels:
        return tr("From {low} to {high} pixels.", low=low, high=high)
    return tr("From {low} to {high}.", low=low, high=high)


def operator_name(operator: Operator) -> str:
    """`max pool`; an operator we do not know by its own name."""
    if isinstance(operator, FollowedCall | PlacedCall):
        return operator.name
    if isinstance(operator, Opaque):
        return operator.target
    if isinstance(operator, PiecewiseFunction | SmoothFunction):
        return operator.function
    if isinstance(operator, ParameterArithmetic):
        said = mark("{function} a parameter") if operator.trained else mark("{function} a constant")
        return tr(said, function=tr(CHOICES[operator.function]))
    return operator_title(operator)


def short_name(operator: Operator) -> str:
    """The same in the room of a table: `conv`; every normalisation is `norm`."""
    if operator.family == "norm":
        return tr("norm")
    return tr(operator.short_title) if operator.short_title else operator_name(operator)


def detail(operator: Operator, inputs: Sequence[Shape], output: Shape | None) -> str:
    """The settings that matter most: `3 × 3, 64 → 128`."""
    match operator:
        case Convolution() | TransposedConvolution():
            return _kernel_detail(operator, inputs)
        case MaxPool() | AveragePool():
            return number_format.times(operator.kernel)
        case AdaptivePool():
            return number_format.times(output[1:] if output is not None else operator.size)
        case Upsample() if operator.scale is not None:
            factor = " × ".join(f"{each:g}" for each in dict.fromkeys(operator.scale))
            return f"× {factor}, {tr(CHOICES[operator.mode])}"
        case GroupNorm():
            return tr("{groups} groups", groups=operator.groups)
        case Linear() if inputs:
            return " → ".join(
                number_format.grouped(count) for count in (inputs[0][0], operator.features)
            )
        case Dropout():
            return number_format.percent(operator.p)
    if operator.family == "join" and inputs:
        return " + ".join(number_format.grouped(shape[0]) for shape in inputs)
    if output is not None and operator.family == "norm":
        return number_format.grouped(output[0])
    return _function_detail(operator)


def _function_detail(operator: Operator) -> str:
    """The numbers of a function: `x × 0.1`; of channels which ones, counted from 0."""
    match operator:
        case ScalarArithmetic():
            return _FORMULAS[operator.function].format(f"{operator.value:g}".replace("-", "−"))
        case PiecewiseFunction() | SmoothFunction():
            return ", ".join(f"{each:g}".replace("-", "−") for each in operator.operands)
        case ParameterArithmetic():
            return number_format.times(operator.size)
        case ChannelSlice():
            return f"{operator.start}–{operator.stop - 1}"
        case ChannelShuffle():
            return tr("{groups} groups", groups=operator.groups)
        case ChannelPool():
            return tr(CHOICES[operator.mode])
    return ""


def _kernel_detail(operator: Convolution | TransposedConvolution, inputs: Sequence[Shape]) -> str:
    parts = [number_format.times(operator.kernel)]
    if inputs:
        channels = inputs[0][0], operator.channels
        parts.append(" → ".join(map(number_format.grouped, channels)))
    if set(operator.stride) != {1}:
        parts.append(tr("stride {stride}", stride=_one(operator.stride)))
    if set(operator.dilation) != {1}:
        parts.append(tr("dilation {dilation}", dilation=_one(operator.dilation)))
    if operator.groups != 1:
        parts.append(tr("{groups} groups", groups=operator.groups))
    return ", ".join(parts)


def _one(values: tuple[int, ...]) -> str:
    return str(values[0]) if len(set(values)) == 1 else number_format.times(values)


def summary(nodes: Sequence[Node], facts: Facts) -> str:
    """The content of a block: `2 × (conv, norm, ReLU)`; of one operator its name and settings."""
    if len(nodes) == 1:
        node = nodes[0]
        layer = facts.layers[node.id]
        said = detail(node.operator, layer.inputs, layer.shape)
        return f"{short_name(node.operator)} {said}".strip()
    names = [short_name(node.operator) for node in nodes]
    for length in range(1, len(names) // 2 + 1):
        if len(names) % length == 0 and names == names[:length] * (len(names) // length):
            inside = ", ".join(names[:length])
            return f"{len(names) // length} × {f'({inside})' if length > 1 else inside}"
    if len(names) <= 6:
        return ", ".join(names)
    counted = Counter(names).most_common()
    return ", ".join(f"{count} × {name}" if count > 1 else name for name, count in counted)


def extent_text(field: Field | None) -> str:
    """The extent in pixels: `188–204`, with `≤` where it is a bound; never a guess."""
    if field is None or field.exactness == "unknown":
        return tr("unknown")
    if field.exactness == "whole input":
        return tr("whole input")
    low, high = field.extent_min, field.extent_max
    if low is None or high is None:
        return tr("unknown")
    if not low:  # a vector of no picture: of a vector, or of a given value
        return "–"
    said = number_format.spans(low, high)
    return f"≤ {said}" if field.exactness == "upper bound" else said


def jump_text(field: Field | None) -> str:
    """Input pixels from one unit to the next: `4`, `0.5`, `4 × 2`."""
    if field is None or field.jump is None:
        return "–"
    each = [f"{jump:g}" for jump in field.jump]
    return each[0] if len(set(each)) == 1 else " × ".join(each) or "–"
