"""Operator families: importing this package makes every one of them known in `REGISTRY`."""

from analysis.faults import Fault
from analysis.operators.activation import (
    ELU,
    GELU,
    GLU,
    Dropout,
    Identity,
    LeakyReLU,
    LogSoftmax,
    PReLU,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Tanh,
)
from analysis.operators.channels import ChannelPool, ChannelShuffle, ChannelSlice
from analysis.operators.contract import (
    REGISTRY,
    SAME,
    Border,
    Cost,
    ListedTaps,
    Operator,
    PeriodicTaps,
    SettingKind,
    Shape,
    Taps,
    UnknownTaps,
    WholeTaps,
    register,
)
from analysis.operators.convolution import Convolution, TransposedConvolution, same_padding
from analysis.operators.dense import Linear
from analysis.operators.elementwise import (
    ParameterArithmetic,
    PiecewiseFunction,
    ScalarArithmetic,
    SmoothFunction,
)
from analysis.operators.endpoint import Input, Output
from analysis.operators.joining import Add, Concatenate, Divide, Multiply, Subtract
from analysis.operators.normalisation import BatchNorm, GroupNorm, InstanceNorm, LayerNorm
from analysis.operators.opaque import Opaque
from analysis.operators.pooling import AdaptivePool, AveragePool, GlobalPool, MaxPool
from analysis.operators.resampling import PixelShuffle, PixelUnshuffle, Upsample
from analysis.operators.reshaping import Crop, CropLike, Flatten, Pad, Reshape
from analysis.operators.settings import editable, from_settings, to_settings

__all__ = [
    "ELU",
    "GELU",
    "GLU",
    "REGISTRY",
    "SAME",
    "AdaptivePool",
    "Add",
    "AveragePool",
    "BatchNorm",
    "Border",
    "ChannelPool",
    "ChannelShuffle",
    "ChannelSlice",
    "Concatenate",
    "Convolution",
    "Cost",
    "Crop",
    "CropLike",
    "Divide",
    "Dropout",
    "Fault",
    "Flatten",
    "GlobalPool",
    "GroupNorm",
    "Identity",
    "Input",
    "InstanceNorm",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "ListedTaps",
    "LogSoftmax",
    "MaxPool",
    "Multiply",
    "Opaque",
    "Operator",
    "Output",
    "PReLU",
    "Pad",
    "ParameterArithmetic",
    "PeriodicTaps",
    "PiecewiseFunction",
    "PixelShuffle",
    "PixelUnshuffle",
    "ReLU",
    "Reshape",
    "ScalarArithmetic",
    "SettingKind",
    "Shape",
    "SiLU",
    "Sigmoid",
    "SmoothFunction",
    "Softmax",
    "Subtract",
    "Tanh",
    "Taps",
    "TransposedConvolution",
    "UnknownTaps",
    "Upsample",
    "WholeTaps",
    "editable",
    "from_settings",
    "register",
    "same_padding",
    "to_settings",
]
