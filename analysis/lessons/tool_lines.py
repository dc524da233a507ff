"""Lines to copy into a terminal or a program, as this machine's platform takes them."""

from __future__ import annotations

import sys
from collections.abc import Mapping

OTHERS = ""
"""Stands for the platforms that have no line of their own."""
MIRROR = "https://pypi.tuna.tsinghua.edu.cn/simple"
LINES: Mapping[str, Mapping[str, str]] = {
    "venv": {
        "win32": "py -m venv torch-env && torch-env\\Scripts\\activate",
        OTHERS: "python3 -m venv torch-env && source torch-env/bin/activate",
    },
    "torch": {
        "linux": "python -m pip install torch --index-url https://download.pytorch.org/whl/cpu",
        OTHERS: "python -m pip install torch",
    },
    "cv2": {
        "linux": "python -m pip install opencv-python-headless",
        OTHERS: "python -m pip install opencv-python",
    },
    "mirror": {OTHERS: f"python -m pip install --index-url {MIRROR} opencv-python"},
    "folder": {
        OTHERS: 'torchvision.datasets.ImageFolder("pictures", torchvision.transforms.ToTensor())'
    },
}
"""The line of each platform, by its `sys.platform`, under the name that a lesson calls it by."""


def tool_line(name: str, platform: str = sys.platform) -> str:
    """The line of that name on a platform. Raises KeyError for a name that is not in the table."""
    lines = LINES[name]
    return lines.get(platform, lines[OTHERS])
