"""Whether LaTeX stands here for figures that are compiled."""

from __future__ import annotations

import shutil
import subprocess


def has_latex() -> bool:
    """Whether pdflatex stands here together with the class of the documents."""
    if shutil.which("pdflatex") is None or shutil.which("kpsewhich") is None:
        return False
    asked = ["kpsewhich", "standalone.cls"]
    try:
        return bool(subprocess.run(asked, capture_output=True, check=False, timeout=20).stdout)
    except subprocess.TimeoutExpired:
        return False
