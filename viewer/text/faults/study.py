"""Sentences of what is wrong with a study over a data set, and of what of it is skipped."""

from __future__ import annotations

from collections.abc import Mapping

from viewer.text.translation import mark

SENTENCES: Mapping[str, str] = {
    "study-no-folder": mark("There is no folder {folder}; a study takes a folder of images."),
    "study-other-target": mark(
        "What its target allows to measure is {f}, and {f_wanted} with the first one; a mean of "
        "both would say nothing."
    ),
    "study-running": mark("Another program is at work on the study in {folder}."),
    "study-other": mark(
        "{folder} holds a study of another network, other settings or other data. Name another "
        "folder, or delete {part} in it."
    ),
    "study-worker-died": mark(
        "The process that measured it ended without a word, as where memory runs out."
    ),
    "study-workers-died": mark(
        "The processes that measure ended {times} times without a word, as where memory runs out; "
        "last at {image}. Fewer workers or a smaller size may work."
    ),
    "study-no-device": mark("There is no device {device} on the machine that measures."),
    "study-no-ray": mark(
        "Ray is not installed; pip install 'fieldglass[ray]' installs it, and without --ray the "
        "study runs on this machine."
    ),
    "study-no-cluster": mark("There is no Ray cluster at {address} that can be used ({why})."),
    "study-cluster-lost": mark(
        "The Ray cluster broke off. What was measured is kept, and the same command goes on."
    ),
}
