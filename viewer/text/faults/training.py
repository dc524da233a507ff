"""Sentences of what is wrong with a training recipe, its data, or the training itself."""

from __future__ import annotations

from collections.abc import Mapping

from viewer.text.translation import mark

SENTENCES: Mapping[str, str] = {
    "recipe-not-json": mark("The file is no JSON, or far too long for a recipe."),
    "recipe-not-an-object": mark("{where} holds no object with keys and values."),
    "recipe-unknown-key": mark("There is no key {given}. There are {keys}."),
    "recipe-not-text": mark("{key} is {value}; it takes a text."),
    "recipe-not-a-choice": mark("{key} is {value}; it is one of {choices}."),
    "recipe-not-a-number": mark("{key} is {value}; it takes a number from {least} to {most}."),
    "recipe-not-a-range": mark("{key} is {value}; it takes two numbers, the smaller first."),
    "recipe-twins": mark("twins is {value}; it takes a list of 1 to {most} twins."),
    "recipe-twin-name": mark(
        "{key} is {value}; it takes up to 40 letters, digits, spaces, _ or -, as a file is named "
        "by it."
    ),
    "recipe-twin-name-twice": mark("Two twins are called {name}; each needs a name of its own."),
    "recipe-twin-without-name": mark("{key} has no name; each twin needs one."),
    "twin-needs-blueprint": mark(
        "{twin} differs in {settings}, which only a blueprint has, and this network comes from "
        "none. Without skips (skip=none) works."
    ),
    "train-needs-one-picture": mark("{twin} does not take one picture of two axes."),
    "train-needs-map": mark("The output of {twin} is no picture, and this task needs one."),
    "train-other-channels": mark(
        "{twin} gives {channels} channels where the picture has {wanted}. "
        "As many out (out={wanted}) work."
    ),
    "train-patch-clash": mark(
        "At a patch of {patch} px the sizes clash at {node}. A multiple of what the network halves "
        "works, such as 64."
    ),
    "penalty-no-code": mark(
        "{twin} has no code to put a penalty on: no layer that is narrower than its output and "
        "that everything passes. An auto-encoder without skips has one."
    ),
    "penalty-no-layer": mark("{twin} has no layer {node} to put a penalty on."),
    "penalty-no-sample": mark(
        "{twin} draws no random code, which a variational penalty needs; the variational "
        "auto-encoder does (variational_autoencoder)."
    ),
    "stack-no-mirror": mark(
        "{twin} cannot be trained layer by layer: that takes a chain whose decoder mirrors its "
        "encoder, and pictures to rebuild; the dense auto-encoder is one (dense_autoencoder)."
    ),
    "train-no-parameters": mark("{twin} has no weights to train."),
    "train-diverged": mark(
        "The loss of {twin} is no number any more after step {step}; the first such value arose in "
        "{node}. A learning rate of {rate} may do."
    ),
    "train-not-compiled": mark(
        "{twin} is trained without torch.compile, which found no way to compile it here: {why}."
    ),
    "train-parts-differ": mark(
        "{twin} draws numbers or takes means over a batch, which each of the {processes} processes "
        "does for its own part: its losses are not those of one process with the joint batch."
    ),
    "train-batch-below-group": mark(
        "{twin} has a batch of {batch}, and {processes} processes need at least one picture each. "
        "A larger batch or fewer processes would do."
    ),
    "train-other-process": mark(
        "{count} of the {processes} processes cannot train this, and say why; so none begins."
    ),
    "train-no-ray": mark(
        "Ray Tune is not installed; pip install 'fieldglass[ray]' installs it, and without --ray "
        "the twins are trained on this machine."
    ),
    "train-no-cluster": mark("There is no Ray cluster at {address} that can be used ({why})."),
    "train-trial-failed": mark("A trial of the sweep failed: {why}."),
    "train-model-not-here": mark(
        "The recipe trains the file {model}. Open it first, and choose the network on the canvas."
    ),
    "training-other-checkpoint": mark(
        "The checkpoint in {folder} is damaged or of another training; it cannot be continued."
    ),
    "training-not-saved": mark(
        "No checkpoint could be written: {why}. The training goes on; until one can be written, "
        "what is trained from here on is lost if the program ends."
    ),
    "training-ended": mark("The training process ended by itself after step {step}."),
    "training-too-large": mark(
        "A step needs about {bytes_needed} of memory, {bytes_available} are free. A smaller "
        "batch or patch, or fewer channels, would do."
    ),
    "data-no-folder": mark(
        "There is no folder {folder}. Photographs, cells and digits need none (photographs, "
        "cells, digits)."
    ),
    "data-empty-folder": mark("{folder} holds no pictures."),
    "data-too-few": mark(
        "{data} has {pictures} pictures that can be used; one to learn from and one to hold out "
        "are needed."
    ),
    "data-all-below-patch": mark(
        "{data}: {pictures} of its pictures are smaller than the patch of {patch} px, and too few "
        "are left. A smaller patch would do."
    ),
    "data-too-much": mark("All pictures together may take {most_bytes} bytes; the rest is left."),
    "data-below-patch": mark("The picture of {size} is smaller than the patch of {patch} px."),
    "data-without-masks": mark(
        "{data} has no masks; to segment, a folder needs images/ and masks/ with equal names."
    ),
    "data-no-mask": mark("There is no mask for {file} in {folder}."),
    "data-mask-is-picture": mark("{file} holds no labels but a picture."),
    "data-mask-other-size": mark("The mask {file} is {size}, its picture {size_wanted}."),
    "data-mask-too-many": mark(
        "The mask {file} has {labels} labels, and the network's output {channels} channels."
    ),
}
