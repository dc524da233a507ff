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
    nonlinearities,
)
from analysis.operators.attention import Attention
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
from analysis.operators.failed import Failed
from analysis.operators.fitting import Fit, PadToMultiple, ResizeLike
from analysis.operators.followed import FollowedCall
from analysis.operators.given import Given
from analysis.operators.joining import (
    Add,
    Concatenate,
    Divide,
    GaussianSample,
    Multiply,
    Subtract,
)
from analysis.operators.noise import Noise
from analysis.operators.normalisation import BatchNorm, GroupNorm, InstanceNorm, LayerNorm
from analysis.operators.opaque import Opaque
from analysis.operators.per_pixel import ChannelGroupPool, ChannelLinear, ChannelNorm
from analysis.operators.placed import PlacedCall
from analysis.operators.pooling import AdaptivePool, AveragePool, GlobalPool, MaxPool
from analysis.operators.products import AxisSoftmax, TensorProduct
from analysis.operators.rearranging import Rearrange, Roll, Subsample
from analysis.operators.resampling import PixelShuffle, PixelUnshuffle, Upsample
from analysis.operators.reshaping import Crop, CropLike, Flatten, Pad, Reshape
from analysis.operators.settings import editable, from_settings, stored_settings, to_settings
from analysis.operators.unfolding import Fold, Unfold
from analysis.operators.unpooling import MaxUnpool

__all__ = [
    "ELU",
    "GELU",
    "GLU",
    "REGISTRY",
    "SAME",
    "AdaptivePool",
    "Add",
    "Attention",
    "AveragePool",
    "AxisSoftmax",
    "BatchNorm",
    "Border",
    "ChannelGroupPool",
    "ChannelLinear",
    "ChannelNorm",
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
    "Failed",
    "Fault",
    "Fit",
    "Flatten",
    "Fold",
    "FollowedCall",
    "GaussianSample",
    "Given",
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
    "MaxUnpool",
    "Multiply",
    "Noise",
    "Opaque",
    "Operator",
    "Output",
    "PReLU",
    "Pad",
    "PadToMultiple",
    "ParameterArithmetic",
    "PeriodicTaps",
    "PiecewiseFunction",
    "PixelShuffle",
    "PixelUnshuffle",
    "PlacedCall",
    "ReLU",
    "Rearrange",
    "Reshape",
    "ResizeLike",
    "Roll",
    "ScalarArithmetic",
    "SettingKind",
    "Shape",
    "SiLU",
    "Sigmoid",
    "SmoothFunction",
    "Softmax",
    "Subsample",
    "Subtract",
    "Tanh",
    "Taps",
    "TensorProduct",
    "TransposedConvolution",
    "Unfold",
    "UnknownTaps",
    "Upsample",
    "WholeTaps",
    "editable",
    "from_settings",
    "nonlinearities",
    "register",
    "same_padding",
    "stored_settings",
    "to_settings",
]
