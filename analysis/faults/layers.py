"""Faults of layers: their inputs, settings, windows and shapes, and what we do not know."""

from __future__ import annotations

LAYERS: dict[str, tuple[str, ...]] = {
    # the number and the rank of inputs
    "too-few-inputs": ("inputs", "needed"),
    "too-many-inputs": ("inputs", "allowed"),
    "needs-spatial": ("rank",),
    "needs-two-axes": ("axes",),
    "rank-differs": ("what", "axes", "axes needed"),
    "too-many-axes": ("axes", "most"),
    # settings by themselves
    "not-positive": ("setting", "value", "least"),
    "negative": ("setting", "value", "least"),
    "too-small": ("setting", "value", "least"),
    "too-large": ("setting", "value", "most"),
    "not-a-choice": ("setting", "value", "choices"),
    # a window that does not fit
    "kernel-too-large": ("axis", "extent", "padded size", "nearest kernel"),
    "border-too-wide": ("axis", "border", "padding", "nearest padding"),
    "pool-padding-too-large": ("axis", "padding", "nearest padding"),
    "output-padding-too-large": ("axis", "output padding", "nearest output padding"),
    "padding-takes-all": ("axis", "padding", "full size", "nearest padding"),
    "output-padding-not-below": (
        "axis",
        "output padding",
        "stride",
        "dilation",
        "nearest output padding",
    ),
    "pool-padding-above-half": ("axis", "padding", "kernel", "nearest padding"),
    "dilation-too-large": ("axis", "extent", "padded size", "nearest dilation"),
    "average-pool-dilated": ("axis", "dilation", "nearest dilation"),
    # channels
    "pool-channels-differ": ("channels", "other channels"),
    "channels-not-divisible": ("channels", "groups", "nearest groups"),
    "channels-not-multiple": ("channels", "multiple", "nearest channels"),
    "size-not-multiple": ("axis", "size", "multiple", "nearest size"),
    "size-off-rest": ("axis", "size", "multiple", "rest", "nearest size"),
    "too-few-values": ("values", "needed"),
    # joins, crops and reshapes
    "join-sizes-differ": ("axis", "size", "other size", "other port"),
    "join-channels-differ": ("channels", "other channels", "other port"),
    "crop-too-large": ("axis", "cropped", "size"),
    "crop-needs-larger": ("axis", "size", "size wanted"),
    "reshape-size": ("shape", "shape wanted", "values", "values wanted"),
    "linear-needs-vector": ("shape",),
    "channels-out-of-range": ("start", "stop", "channels"),
    "parameter-shape": ("shape", "input shape"),
    "operands-differ": ("function", "operands", "needed"),
    "values-count": ("count", "needed"),
    # values of further inputs
    "input-unknown": ("name", "names"),
    "input-value": ("name", "value", "size"),
    "input-file": ("name", "file"),
    "input-no-picture": ("name", "file", "size"),
    "input-too-large": ("name", "size", "most"),
    # receptive fields: notes on what a layer sees, not faults of its shape
    "strides-differ": ("axis", "smallest jump", "largest jump"),
    "join-of-blind-units": (),
    "channels-selected": (),
    "paths-cut": (),
    "rows-bounded": (),
    # resampling
    "size-or-scale": (),
    "cubic-needs-two-axes": ("axes",),
    "nearest-has-no-corners": (),
    "nothing-left": ("axis", "size"),
    # operators we do not know
    "unknown-operator": ("key",),
    "unknown-setting": ("key", "setting", "settings"),
    "bad-setting": ("setting", "value", "kind"),
    "operator-not-allowed": ("target",),
    "opaque-shape": ("target", "port", "shape", "shape seen"),
}
