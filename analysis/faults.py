"""The table of all faults: codes with the names of their numbers in order.

A fault is a value, `Fault(code, numbers)`; its sentence is made where it is shown. Axes count
from 0, the first spatial one. A number called `nearest …` is the nearest setting that works.
"""

from __future__ import annotations

from dataclasses import dataclass

FAULTS: dict[str, tuple[str, ...]] = {
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
    # receptive fields: notes on what a layer sees, not faults of its shape
    "strides-differ": ("axis", "smallest jump", "largest jump"),
    "join-of-blind-units": (),
    "channels-selected": (),
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
    # a case of convolution arithmetic, and one as JSON
    "case-too-large": ("products", "most"),
    "answer-too-long": ("numbers", "most"),
    "no-cases": (),
    "case-not-object": (),
    "case-lacks": ("setting",),
    "case-key-misspelt": ("given", "nearest"),
    "values-shape": ("setting", "shape", "shape wanted"),
    # blueprints and their settings
    "unknown-blueprint": ("given", "nearest", "blueprints"),
    "unknown-blueprint-setting": ("blueprint", "given", "nearest", "settings"),
    "setting-without-value": ("text",),
    "setting-given-twice": ("setting",),
    "setting-not-a-number": ("setting", "given", "default"),
    "setting-not-a-list": ("setting", "given", "default"),
    "setting-list-too-long": ("setting", "numbers", "most"),
    "setting-out-of-range": ("setting", "value", "least", "most", "nearest"),
    "unknown-choice": ("setting", "given", "nearest", "choices"),
    # documents
    "missing-file": ("path",),
    "cannot-read": ("path",),
    "not-a-file": ("path",),
    "not-json": (),
    "not-a-document": (),
    "document-too-long": ("bytes", "most bytes"),
    "newer-version": ("version", "newest known"),
    "too-many-operators": ("operators", "most"),
    "bad-value": ("where",),
    "duplicate-node": ("names",),
    "missing-node": ("names",),
    "cycle": ("names",),
    "disk-full": ("path",),
    "read-only-folder": ("path",),
    "no-folder": ("path",),
    "cannot-write": ("path",),
    "read-only-file": ("path",),
    "changed-meanwhile": ("path",),
    "weights-not-stored": ("file",),
    "image-not-stored": ("file",),
    "weights-missing": ("file",),
    "weights-damaged": ("file",),
    "image-missing": ("file",),
    "image-damaged": ("file",),
    "weights-unreadable": ("file",),
    "weights-pickled": ("file",),
    "weights-torchscript": ("file",),
    "weights-old-tar": ("file",),
    "weights-fit-nothing": ("file", "tensors", "wanted"),
    # pictures
    "image-corrupt": ("file",),
    "image-format": ("file",),
    "image-memory": ("width", "height", "bytes needed", "bytes available"),
    "image-no-page": ("file", "page", "pages"),
    "image-too-large": ("width", "height", "most pixels"),
    "image-unreadable": ("file",),
    # running
    "engine-cannot-start": ("what",),
    "engine-ended": (),
    "engine-error": ("what",),
    "engine-loading": ("seconds",),
    "engine-silent": ("seconds",),
    "engine-stuck": ("seconds",),
    "graph-cannot-run": ("node", "why"),
    "no-skips": (),
    "output-not-finite": ("node", "what"),
    "output-not-finite-weights": ("node", "what"),
    "weights-not-finite": ("node", "what"),
    "effective-no-map": ("node",),
    "effective-no-unit": ("node", "unit", "size"),
    "numbers-no-channel": ("node", "channel", "channels"),
    "numbers-no-run": (),
    "numbers-no-unit": ("node", "unit", "size"),
    "numbers-no-window": ("node",),
    "numbers-three-axes": ("node", "axes"),
    "out-of-memory": ("bytes needed", "bytes available"),
    "split-approximate": ("node", "operator"),
    "split-statistics-held": ("node", "operator"),
    # models in Python files
    "model-not-found": ("file",),
    "model-raised": ("file", "last line"),
    "model-too-slow": ("file", "seconds"),
    "model-too-large": ("file", "megabytes"),
    "model-cancelled": ("file",),
    "model-ended": ("file", "status"),
    "model-none": ("file",),
    "model-several": ("file", "names"),
    "model-unknown-name": ("file", "name", "names"),
    "model-needs-arguments": ("file", "name", "last line"),
    "model-no-module": ("file", "name"),
    "model-size-refused": ("file", "size", "last line"),
    "model-export-failed": ("file", "last line"),
    "model-inputs": ("file", "inputs"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, as a value: a code and the numbers a sentence about it needs.

    `analysis.faults.FAULTS` lists every code with the names of its numbers. The sentences live
    where they are shown (`viewer.text.translation`), one for each code.
    """

    code: str
    numbers: tuple[int | float | str | tuple[int, ...], ...] = ()
