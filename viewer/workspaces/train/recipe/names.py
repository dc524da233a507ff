"""What the choices of a recipe are called on screen."""

from __future__ import annotations

from collections.abc import Mapping

from viewer.text.translation import mark

TASKS: Mapping[str, str] = {
    "denoise": mark("Remove noise"),
    "reconstruct": mark("Reconstruct"),
    "segment": mark("Segment"),
    "inpaint": mark("Fill a hole"),
    "super_resolve": mark("Sharpen (super-resolve)"),
}
NOISES: Mapping[str, str] = {
    "gaussian": mark("Gaussian"),
    "salt_and_pepper": mark("Salt and pepper"),
    "poisson": mark("Poisson"),
}
DATA: Mapping[str, str] = {
    "photographs": mark("Photographs"),
    "cells": mark("Cells, drawn"),
    "digits": mark("Digits, drawn"),
    "folder": mark("A folder…"),
}
INITIALISATIONS: Mapping[str, str] = {"default": mark("PyTorch's default"), "he": mark("He")}
OPTIMISERS: Mapping[str, str] = {
    "adam": "Adam",
    "adamw": "AdamW",
    "sgd": mark("SGD, momentum 0.9"),
    "rmsprop": "RMSprop",
}
SCHEDULES: Mapping[str, str] = {
    "constant": mark("Constant"),
    "one_cycle": mark("Up, then down in a cosine"),
}
LOSSES: Mapping[str, str] = {"l1": mark("Mean absolute error"), "mse": mark("Mean squared error")}
PENALTIES: Mapping[str, str] = {
    "none": mark("None"),
    "sparse_l1": mark("Sparse, absolute values"),
    "sparse_kl": mark("Sparse, target activity"),
    "contractive": mark("Contractive"),
    "variational": mark("Variational"),
}
STACKINGS: Mapping[str, str] = {
    "at_once": mark("All layers at once"),
    "layer_by_layer": mark("Layer by layer"),
}
SKIPS: Mapping[str, str] = {
    "concat": mark("Concatenate"),
    "add": mark("Add before the activation"),
    "add_after": mark("Add after the activation"),
    "none": mark("None"),
}


def options(names: Mapping[str, str], *also: tuple[str, str]) -> list[tuple[object, str]]:
    """Of a Choice, in the table's order; every key is offered, named or not."""
    return [*names.items(), *also]
