"""Which files can be opened, told by the ending of their name: the only list of them."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

from analysis.lessons.lesson import LANGUAGES
from analysis.storage.regular_file import NotRegularError, open_regular

Kind = Literal[
    "image", "film", "document", "lesson", "model", "network", "plans", "weights", "other"
]
"""A `model` is a program, which is run only after a question; a `network` is data alone, and
`plans` are those of nnU-Net, which describe one."""
DOCUMENT, MODEL, NETWORK = ".fieldglass", ".py", ".onnx"
PROGRAM = ".pt2"
"""A program of torch.export."""
ARCHIVES = (PROGRAM, ".torchscript")
"""torch's archives of a program; a `.pt` may be one too, which its content tells."""
IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif")
VOLUMES = (".nii", ".nii.gz", ".npy", ".npz", ".dcm")
"""Volumes and arrays, which are images too: a slice, or a part for a network of three axes."""
FILMS = (".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg")
WEIGHTS = (".safetensors", ".pth", ".pt", ".ckpt", ".bin", ".tar")
"""Endings of weights files; those without one are told by their content."""
PLANS = "plans.json"
"""How the names of plans end: `plans.json`, `nnUNetPlans.json`."""
LESSONS = tuple(f"{code}.md" for code in LANGUAGES)
"""The names of the files of a lesson, which open the folder that they stand in."""
ENDINGS = (*IMAGES, *VOLUMES, *FILMS, MODEL, *ARCHIVES, NETWORK, PLANS, DOCUMENT)
"""Every ending that opens as something, for the dialog that asks for a file."""


def kind_of(path: str) -> Kind:
    """What a file would be opened as."""
    suffix = Path(path).suffix.lower()
    if Path(path).name in LESSONS:
        return "lesson"
    if suffix == DOCUMENT:
        return "document"
    if suffix == MODEL or suffix in ARCHIVES:
        return "model"
    if suffix == NETWORK:
        return "network"
    if suffix in WEIGHTS:
        return "weights"
    if path.lower().endswith(PLANS):
        return "plans"
    if suffix in FILMS:
        return "film"
    return "image" if path.lower().endswith((*IMAGES, *VOLUMES)) else "other"


def is_torchscript(path: str | Path) -> bool:
    """Whether a file is an archive of TorchScript code, whatever it is called; looks inside."""
    try:
        with open_regular(path) as file, zipfile.ZipFile(file) as archive:
            return any(name.rpartition("/")[2] == "constants.pkl" for name in archive.namelist())
    except (OSError, ValueError, NotRegularError, zipfile.BadZipFile):
        return False
