"""For every operator a strategy that draws settings and input shapes in 1, 2 and 3 dimensions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

from hypothesis import strategies as st

from analysis import operators as ops
from analysis.operators import Operator, Shape

Draw = Callable[[st.SearchStrategy], object]


@dataclass(frozen=True)
class Case:
    """An operator and the shapes it is given; settings may be wrong for the shapes."""

    operator: Operator
    inputs: tuple[Shape, ...]


def _sizes(draw, axes, low=1):
    high = {1: 12, 2: 7, 3: 4}[axes]
    return tuple(draw(st.integers(low, max(high, low))) for _ in range(axes))


def _ints(draw, axes, low, high):
    return tuple(draw(st.integers(low, high)) for _ in range(axes))


def _shape(draw, low=1, channels=(1, 4), vector=False):
    axes = draw(st.integers(0 if vector else 1, 3))
    return (draw(st.integers(*channels)), *(_sizes(draw, axes, low) if axes else ()))


def _bool(draw):
    return draw(st.booleans())


def _convolution(draw):
    shape = _shape(draw)
    axes = len(shape) - 1
    operator = ops.Convolution(
        channels=draw(st.integers(1, 4)),
        kernel=_ints(draw, axes, 1, 4),
        stride=_ints(draw, axes, 1, 3),
        padding=tuple(_ints(draw, 2, 0, 3) for _ in range(axes)),
        dilation=_ints(draw, axes, 1, 2),
        groups=draw(st.integers(1, 2)),
        bias=_bool(draw),
        border=draw(st.sampled_from(["drop", "drop", "clamp", "reflect", "circular"])),
    )
    return Case(operator, (shape,))


def _symmetric_convolution(draw):
    case = _convolution(draw)
    pairs = tuple((before, before) for before, _ in case.operator.padding)
    return Case(ops.Convolution(3, case.operator.kernel, padding=pairs), case.inputs)


def _transposed(draw):
    shape = _shape(draw)
    axes = len(shape) - 1
    operator = ops.TransposedConvolution(
        channels=draw(st.integers(1, 4)),
        kernel=_ints(draw, axes, 1, 4),
        stride=_ints(draw, axes, 1, 4),
        padding=_ints(draw, axes, 0, 2),
        output_padding=_ints(draw, axes, 0, 2),
        dilation=_ints(draw, axes, 1, 2),
        groups=draw(st.integers(1, 2)),
        bias=_bool(draw),
    )
    return Case(operator, (shape,))


def _max_pool(draw):
    shape = _shape(draw)
    axes = len(shape) - 1
    operator = ops.MaxPool(
        kernel=_ints(draw, axes, 1, 4),
        stride=draw(st.sampled_from([(), _ints(draw, axes, 1, 3)])),
        padding=_ints(draw, axes, 0, 2),
        dilation=_ints(draw, axes, 1, 2),
        ceil_mode=_bool(draw),
    )
    return Case(operator, (shape,))


def _average_pool(draw):
    shape = _shape(draw)
    axes = len(shape) - 1
    operator = ops.AveragePool(
        kernel=_ints(draw, axes, 1, 4),
        stride=draw(st.sampled_from([(), _ints(draw, axes, 1, 3)])),
        padding=_ints(draw, axes, 0, 2),
        ceil_mode=_bool(draw),
        count_include_pad=_bool(draw),
    )
    return Case(operator, (shape,))


def _mode(draw):
    return draw(st.sampled_from(["average", "max"]))


def _adaptive(draw):
    shape = _shape(draw)
    size = tuple(draw(st.sampled_from([n, n, 0])) for n in _sizes(draw, len(shape) - 1))
    return Case(ops.AdaptivePool(size, _mode(draw)), (shape,))


def _upsample(draw):
    shape = _shape(draw)
    axes = len(shape) - 1
    mode = draw(st.sampled_from(["nearest", "nearest_exact", "linear", "cubic"]))
    corners = _bool(draw) and not mode.startswith("nearest")
    if _bool(draw):
        return Case(ops.Upsample(None, mode, corners, size=_sizes(draw, axes)), (shape,))
    factors = st.sampled_from([1.0, 2.0, 3.0, 4.0, 1.5, 0.5, 2.5, 1 / 3, 0.3, 1.37, 1.1, 2.1])
    scale = tuple(draw(factors) for _ in range(axes))
    return Case(ops.Upsample(scale, mode, corners), (shape,))


def _plane(draw, channels):
    return (draw(channels), *_sizes(draw, 2))


def _same_spatial(draw):
    shape = _shape(draw, vector=True)
    count = draw(st.integers(2, 3))
    return [(draw(st.integers(1, 3)), *shape[1:]) for _ in range(count)]


def _concatenate(draw):
    shapes = _same_spatial(draw)
    if len(shapes[0]) > 1 and draw(st.integers(0, 3)) == 0:
        shapes[-1] = (*shapes[-1][:-1], shapes[-1][-1] + 1)
    return Case(ops.Concatenate(), tuple(shapes))


def _broadcast(kind):
    """Both orders of a map and one that may be stretched or clash."""

    def case(draw):
        shape = _shape(draw, low=1, vector=True)
        gate = tuple(draw(st.sampled_from([size, 1, size + 1])) for size in shape)
        return Case(kind(), draw(st.sampled_from([(shape, gate), (gate, shape)])))

    return case


def _parameter(draw):
    shape = _shape(draw, vector=True)
    full = tuple(draw(st.sampled_from([size, size, 1])) for size in (1, *shape))
    if draw(st.integers(0, 4)) == 0:
        full = (*full[:-1], 3 if shape[-1] != 3 else 2)
    size = full[draw(st.integers(0, len(full))) :]
    return Case(ops.ParameterArithmetic(_arithmetic(draw), size, _bool(draw)), (shape,))


def _arithmetic(draw):
    return draw(st.sampled_from(["add", "subtract", "subtract_from", "multiply", "divide"]))


_OPERANDS = {
    "clamp": (-1.0, 6.0),
    "clamp_min": (0.0,),
    "clamp_max": (2.0,),
    "hardshrink": (0.25,),
    "softshrink": (0.25,),
    "threshold": (0.25, 1.0),
    "pow": (2.0,),
    "celu": (0.5,),
    "softplus": (1.0, 20.0),
}


def _function(kind):
    """Any function of its family, now and then with a number too many."""

    def operator(draw):
        function = draw(st.sampled_from(sorted(kind.functions)))
        spare = draw(st.sampled_from([(), (), (), (0.5,)]))
        return kind(function, _OPERANDS.get(function, ()) + spare)

    return _everywhere(operator)


def _channel_slice(draw):
    start = draw(st.integers(0, 3))
    operator = ops.ChannelSlice(start, draw(st.integers(start + 1, 5)), draw(st.integers(1, 2)))
    return Case(operator, (_shape(draw, vector=True),))


def _channel_pool(draw):
    return Case(
        ops.ChannelPool(draw(st.sampled_from(["average", "max", "sum"]))),
        (_shape(draw, vector=True),),
    )


def _pairs_of_axes(draw, high):
    shape = _shape(draw)
    axes = len(shape) - 1
    return shape, _ints(draw, axes, 0, high), _ints(draw, axes, 0, high)


def _crop(draw):
    shape, before, after = _pairs_of_axes(draw, 3)
    return Case(ops.Crop(before, after), (shape,))


def _crop_like(draw):
    shape = _shape(draw)
    like = (draw(st.integers(1, 3)), *(draw(st.integers(1, size)) for size in shape[1:]))
    if draw(st.integers(0, 3)) == 0:
        like = (*like[:-1], shape[-1] + 2)
    return Case(ops.CropLike(), (shape, like))


_WHERE = st.sampled_from(["end", "middle", "middle_up"])
_BORDERS = st.sampled_from(["drop", "clamp", "reflect", "circular"])


def _fit(draw):
    shape = _shape(draw)
    border = draw(_BORDERS)
    least = 1 if border == "drop" else None
    like = (2, *(draw(st.integers(least or size, size + 3)) for size in shape[1:]))
    return Case(ops.Fit(draw(_WHERE), border, draw(st.sampled_from([0.0, 1.5]))), (shape, like))


def _pad_to_multiple(draw):
    value = draw(st.sampled_from([0.0, 1.5]))
    window = draw(st.sampled_from([0, 0, 1, 3, 5]))
    operator = ops.PadToMultiple(draw(st.integers(1, 4)), draw(_WHERE), draw(_BORDERS), value,
                                 window)  # fmt: skip
    return Case(operator, (_shape(draw),))


def _resize_like(draw):
    shape = _shape(draw)
    like = (2, *_sizes(draw, len(shape) - 1))
    mode = draw(st.sampled_from(["nearest", "nearest_exact", "linear", "cubic"]))
    corners = mode in ("linear", "cubic") and _bool(draw)
    return Case(ops.ResizeLike(mode, corners), (shape, like))


def _pad(draw):
    shape, before, after = _pairs_of_axes(draw, 3)
    border = draw(st.sampled_from(["drop", "clamp", "reflect", "circular"]))
    return Case(ops.Pad(before, after, border, draw(st.sampled_from([0.0, 1.5]))), (shape,))


def _reshape(draw):
    shape = _shape(draw)
    size = 1
    for length in shape:
        size *= length
    wanted = draw(st.sampled_from([(size,), shape, (size + 1,), (1, size), (2, size)]))
    if _bool(draw):
        return Case(ops.Reshape(shape), ((size,),))
    return Case(ops.Reshape(wanted), (shape,))


def _opaque(draw):
    shape = _plane(draw, st.integers(2, 3))
    channels, height, width = shape
    inputs = (("input", 0),)
    return draw(
        st.sampled_from(
            [
                Case(ops.Opaque("aten.sin.default", inputs, shape), (shape,)),
                Case(
                    ops.Opaque(
                        "aten.max.dim",
                        (*inputs, ("value", 3), ("value", True)),
                        (channels, height, 1),
                        result=0,
                    ),
                    (shape,),
                ),
                Case(
                    ops.Opaque(
                        "aten.addcmul.default",
                        (
                            ("input", 1),
                            ("input", 0),
                            ("weight", "scale"),
                            ("keyword", "value", ("value", 0.5)),
                        ),
                        shape,
                        (("scale", (channels, 1, 1)),),
                        ports_count=2,
                    ),
                    (shape, shape),
                ),
                Case(
                    ops.Opaque(
                        "aten.addcmul.default",
                        (("weight", "mask"), ("input", 0), ("weight", "scale")),
                        shape,
                        (("mask", (height, width)), ("scale", (channels, 1, 1))),
                        held=("mask",),
                    ),
                    (shape,),
                ),
                Case(
                    ops.Opaque(
                        "aten.stack.default",
                        (("list", (("input", 0), ("input", 1))), ("value", 2)),
                        (channels, 2, height, width),
                        ports_count=2,
                        expects=(shape, shape),
                    ),
                    (shape, shape),
                ),
            ]
        )
    )


def _one(operator, **shape):
    """A strategy for an operator that takes one map: `operator` draws or is the operator."""

    def case(draw):
        made = operator(draw) if callable(operator) else operator
        return Case(made, (_shape(draw, **shape),))

    return case


def _followed(draw):
    shape = _plane(draw, st.integers(2, 4))
    smaller = (1, *(draw(st.sampled_from([1, n])) for n in shape[1:]))
    value = (("input", 0),)
    both = (*value, ("input", 1))
    calls = [
        (ops.FollowedCall("aten.hypot.default", both, ports_count=2), (shape, smaller)),
        (ops.FollowedCall("aten.flip.default", (*value, ("list", (("value", 3),))),
                          axes=(2,), order="reversed"), (shape,)),
        (ops.FollowedCall("aten.cumsum.default", (*value, ("value", 2)),
                          axes=(1,), order="before"), (shape,)),
        (ops.FollowedCall("aten.linalg_vector_norm.default",
                          (*value, ("value", 2), ("list", (("value", 2),)), ("value", True)),
                          axes=(1,), order="reduced"), (shape,)),
        (ops.FollowedCall("aten.topk.default", (*value, ("value", 2), ("value", 1)),
                          result=0, axes=(0,), length=2), (shape,)),
        (ops.FollowedCall("aten.lerp.Tensor", (*both, ("weight", "share")), ports_count=2,
                          weights=(("share", (1, 3, 1, 1)),), held=("share",)), (shape, shape)),
    ]  # fmt: skip
    return Case(*draw(st.sampled_from(calls)))


def _placed(draw):
    """What a call of torch moves: rows or channels that are rolled, differences of columns."""
    channels, height, width = _plane(draw, st.integers(2, 4))
    value, shape = (("input", 0),), (channels, height, width)
    rolled = tuple(((row - 1) % height,) for row in range(height))
    pairs = tuple((at, at + 1) for at in range(width - 1))
    calls = [
        ops.PlacedCall("aten.roll.default", (*value, ("list", (("value", 1),)),
                                             ("list", (("value", 2),))),
                       shape, reads=(rolled, "own"), every_channel=True, expects=(shape,)),
        ops.PlacedCall("aten.roll.default", (*value, ("list", (("value", 1),)),
                                             ("list", (("value", 1),))),
                       shape, reads=("own", "own"), every_channel=True, expects=(shape,)),
    ]  # fmt: skip
    if width > 1:
        call = (*value, ("value", 1), ("value", 3))
        output = (channels, height, width - 1)
        calls += [ops.PlacedCall("aten.diff.default", call, output, reads=("own", pairs),
                                 every_channel=True, expects=(shape,))]  # fmt: skip
    return Case(draw(st.sampled_from(calls)), (shape,))


def _unfold(draw):
    shape = _shape(draw)
    axes = len(shape) - 1
    operator = ops.Unfold(
        kernel=_ints(draw, axes, 1, 3),
        stride=_ints(draw, axes, 1, 3),
        padding=_ints(draw, axes, 0, 2),
        dilation=_ints(draw, axes, 1, 2),
    )
    return Case(operator, (shape,))


def _fold(draw):
    kernel, stride = _ints(draw, 2, 1, 3), _ints(draw, 2, 1, 3)
    count = prod(kernel) * draw(st.integers(1, 2)) + draw(st.sampled_from([0, 0, 0, 1]))
    operator = ops.Fold(
        kernel=kernel,
        stride=stride,
        padding=_ints(draw, 2, 0, 1),
        output_padding=tuple(draw(st.integers(0, n)) for n in stride),
        dilation=_ints(draw, 2, 1, 2),
    )
    return Case(operator, ((count, *_sizes(draw, 2)),))


def _max_unpool(draw):
    """Of windows of several pixels beside each other: a value of one that overlaps may be lost."""
    before = _plane(draw, st.integers(2, 5))
    kernel = draw(st.sampled_from([(2, 2), (2, 3), (1, 2)]))
    pooled = ops.MaxPool(kernel).shape((before,))
    values = pooled if isinstance(pooled, tuple) else before
    return Case(ops.MaxUnpool(kernel), (values, before))


def _everywhere(operator):
    return _one(operator, vector=True)


def _input(draw):
    shape = _shape(draw, vector=True)
    return Case(ops.Input(shape[0], shape[1:]), (shape,))


def _given(draw):
    size = (1, *_shape(draw, vector=True))
    numbers = st.integers(-3, 3) if _bool(draw) else st.floats(-2, 2, width=32)
    count = draw(st.sampled_from([1, prod(size), prod(size), 3]))
    values = tuple(draw(numbers) for _ in range(count))
    kind = draw(st.sampled_from(["float32", "int64", "bool"]))
    if _bool(draw):
        return Case(ops.Given(size, kind, (), stored=True), ())
    return Case(ops.Given(size, kind, values), ())


def _noise(draw):
    shape = _shape(draw, vector=True)
    kind = draw(st.sampled_from(["normal", "uniform", "bernoulli"]))
    size, inputs = draw(st.sampled_from([((), (shape,)), (shape, ())]))
    return Case(ops.Noise(kind, 0.5, 2.0, draw(st.integers(0, 5)), size), inputs)


def _gaussian_sample(draw):
    made = ops.GaussianSample(_bool(draw), draw(st.integers(0, 5)))
    return _broadcast(lambda: made)(draw)


def _any_slope(draw):
    return draw(st.sampled_from([0.01, 0.2]))


def _rearrange(draw):
    """Axes in two factors each, put in any order on as many axes, or on other ones."""
    axes = draw(st.integers(1, 2))
    factors = tuple(_ints(draw, 2, 1, 3) for _ in range(axes + 1))
    shape = tuple(map(prod, factors))
    kept = tuple((2 * n, 2 * n + 1) for n in range(1, axes + 1))
    numbers = draw(st.permutations(range(2 * axes + 2)))
    cut = draw(st.integers(1, 2 * axes + 1))
    order = draw(
        st.sampled_from(
            [
                ((), (0, 1), *kept),
                ((), (1, 0), *kept),
                ((), (0, 1, *(each[1] for each in kept)), *((each[0],) for each in kept)),
                ((), (0,), *((each[0], each[1]) for each in kept[:-1]), (*kept[-1], 1)),
                ((), (0, 1), *(each[::-1] for each in kept)),
                ((), tuple(numbers[:cut]), tuple(numbers[cut:])),
            ]
        )
    )
    return Case(ops.Rearrange(factors, order), (shape,))


def _roll(draw):
    shape = _shape(draw)
    return Case(ops.Roll(_ints(draw, len(shape) - 1, -5, 5)), (shape,))


def _subsample(draw):
    shape = _shape(draw)
    axes = len(shape) - 1
    return Case(ops.Subsample(_ints(draw, axes, 0, 3), _ints(draw, axes, 1, 3)), (shape,))


def _channel_group_pool(draw):
    before, over, after = _ints(draw, 3, 1, 3)
    mode = draw(st.sampled_from(["sum", "average", "max"]))
    shape = _shape(draw)
    return Case(ops.ChannelGroupPool(mode, before, over), ((before * over * after, *shape[1:]),))


def _tensor_product(draw):
    """Rows by columns and the like, of two to four axes; now and then with lengths that differ."""
    equations = ["ab,bc->ac", "abc,acd->abd", "abc,abd->adc", "ab,cb->ca", "abcd,abde->abce"]
    equation = draw(st.sampled_from(equations))
    lengths = {letter: draw(st.integers(2, 4)) for letter in "abcde"}
    first, second = equation.partition("->")[0].split(",")
    shapes = [tuple(lengths[letter] for letter in part) for part in (first, second)]
    if draw(st.integers(0, 9)) == 0:
        shapes[0] = (*shapes[0][:-1], shapes[0][-1] + 5)
    return Case(ops.TensorProduct(equation), tuple(shapes))


def _axis_softmax(draw):
    shape = (draw(st.integers(1, 3)), *_sizes(draw, draw(st.integers(1, 3)), 2))
    return Case(ops.AxisSoftmax(draw(st.integers(1, len(shape)))), (shape,))


def _attention(draw):
    """Over the whole map, or in windows of two pixels and more an axis."""
    axes, heads = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    window = _ints(draw, axes, 2, 3)
    windows = _ints(draw, axes, 1, 2)
    size = tuple(a * b for a, b in zip(window, windows, strict=True))
    query, value = heads * draw(st.integers(1, 2)), heads * draw(st.integers(1, 2))
    if _bool(draw):
        other = _ints(draw, axes, 2, 3)
        shapes = ((query, *size), (query, *other), (value, *other))
        return Case(ops.Attention(heads, 0.5), shapes)
    if axes == 1 and _bool(draw):  # of one axis a pixel reads exactly what came before it
        own = draw(st.sampled_from([(), window]))
        shapes = ((query, *size), (query, *size), (value, *size))
        return Case(ops.Attention(heads, 0.5, own, causal=1), shapes)
    count, pixels = prod(windows), prod(window)
    bias = ((heads, pixels, pixels), (count, heads, pixels, pixels), True)
    mask = ((count, 1, pixels, pixels), (count, heads, pixels, pixels), False)
    operator = ops.Attention(heads, 0.5, window, draw(st.sampled_from([(), (bias,), (bias, mask)])))
    return Case(operator, ((query, *size), (query, *size), (value, *size)))


CASES: dict[str, Callable[..., Case]] = {
    "input": _input,
    "output": _everywhere(ops.Output()),
    "conv": lambda draw: _convolution(draw) if _bool(draw) else _symmetric_convolution(draw),
    "transposed_conv": _transposed,
    "max_pool": _max_pool,
    "average_pool": _average_pool,
    "adaptive_pool": _adaptive,
    "global_pool": _one(lambda draw: ops.GlobalPool(_mode(draw), _bool(draw))),
    "upsample": _upsample,
    "pixel_shuffle": lambda draw: Case(
        ops.PixelShuffle(draw(st.integers(1, 3))), (_plane(draw, st.sampled_from([4, 9, 5])),)
    ),
    "pixel_unshuffle": lambda draw: Case(
        ops.PixelUnshuffle(draw(st.integers(1, 3))), (_plane(draw, st.integers(1, 2)),)
    ),
    "concat": _concatenate,
    "add": _broadcast(ops.Add),
    "subtract": _broadcast(ops.Subtract),
    "multiply": _broadcast(ops.Multiply),
    "divide": _broadcast(ops.Divide),
    "gaussian_sample": _gaussian_sample,
    "given": _given,
    "noise": _noise,
    "scalar_arithmetic": _everywhere(
        lambda draw: ops.ScalarArithmetic(_arithmetic(draw), draw(st.sampled_from([0.1, -2.0])))
    ),
    "parameter_arithmetic": _parameter,
    "piecewise_function": _function(ops.PiecewiseFunction),
    "smooth_function": _function(ops.SmoothFunction),
    "channel_slice": _channel_slice,
    "channel_shuffle": _everywhere(lambda draw: ops.ChannelShuffle(draw(st.integers(1, 3)))),
    "channel_pool": _channel_pool,
    "channel_group_pool": _channel_group_pool,
    "channel_linear": _everywhere(
        lambda draw: ops.ChannelLinear(draw(st.integers(1, 5)), _bool(draw))
    ),
    "channel_norm": _one(
        lambda draw: ops.ChannelNorm(affine=_bool(draw), bias=_bool(draw)), channels=(2, 4)
    ),
    "attention": _attention,
    "tensor_product": _tensor_product,
    "axis_softmax": _axis_softmax,
    "rearrange": _rearrange,
    "roll": _roll,
    "subsample": _subsample,
    "batch_norm": _everywhere(lambda draw: ops.BatchNorm(affine=_bool(draw))),
    "instance_norm": _one(lambda draw: ops.InstanceNorm(affine=_bool(draw), eps=1e-4)),
    "group_norm": _everywhere(
        lambda draw: ops.GroupNorm(draw(st.integers(1, 3)), affine=_bool(draw))
    ),
    "layer_norm": _everywhere(lambda draw: ops.LayerNorm(affine=_bool(draw))),
    "relu": _everywhere(ops.ReLU()),
    "leaky_relu": _everywhere(lambda draw: ops.LeakyReLU(_any_slope(draw))),
    "prelu": _everywhere(lambda draw: ops.PReLU(_bool(draw))),
    "elu": _everywhere(lambda draw: ops.ELU(draw(st.sampled_from([1.0, 0.5])))),
    "silu": _everywhere(ops.SiLU()),
    "gelu": _everywhere(lambda draw: ops.GELU(draw(st.sampled_from(["none", "tanh"])))),
    "glu": _everywhere(ops.GLU()),
    "sigmoid": _everywhere(ops.Sigmoid()),
    "tanh": _everywhere(ops.Tanh()),
    "softmax": _one(ops.Softmax(), vector=True, channels=(2, 4)),
    "log_softmax": _one(ops.LogSoftmax(), vector=True, channels=(2, 4)),
    "dropout": _everywhere(lambda draw: ops.Dropout(draw(st.sampled_from([0.0, 0.5, 1.0])))),
    "identity": _everywhere(ops.Identity()),
    "linear": lambda draw: Case(
        ops.Linear(draw(st.integers(1, 5)), _bool(draw)), ((draw(st.integers(1, 6)),),)
    ),
    "crop": _crop,
    "crop_like": _crop_like,
    "fit": _fit,
    "pad_to_multiple": _pad_to_multiple,
    "resize_like": _resize_like,
    "pad": _pad,
    "flatten": _everywhere(ops.Flatten()),
    "reshape": _reshape,
    "opaque": _opaque,
    "followed": _followed,
    "placed": _placed,
    "unfold": _unfold,
    "fold": _fold,
    "max_unpool": _max_unpool,
    "failed": _everywhere(ops.Failed("linear", "RuntimeError: no", "net.py", 3)),
}
