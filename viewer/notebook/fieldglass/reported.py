"""Reviews a PyTorch model from a notebook or script: the findings, and the report as a page."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .shown import ShowError, document_of


@dataclass(frozen=True)
class Report:
    """What the review remarks; a notebook shows the page.

    `findings` are those of `fieldglass review --format json`, `page` is the HTML file, which
    lasts as long as the process unless it was written to a place of one's own.
    """

    name: str
    page: Path
    findings: tuple[dict[str, Any], ...]

    def _repr_html_(self) -> str:
        """The page in a frame of its own, where nothing of it can run."""
        from viewer.text.escaping import xml_text

        inside = xml_text(self.page.read_text(encoding="utf-8"))
        return (
            f'<iframe sandbox srcdoc="{inside}" title="{xml_text(self.name)}" '
            'style="width:100%;height:640px;border:0"></iframe>'
        )


def report(
    model: Any,
    x: Any = None,
    *,
    name: str | None = None,
    object_size: int | None = None,
    output: str | Path | None = None,
    lang: str = "en",
) -> Report:
    """Review a PyTorch model and write its report, to `output` or beside its figure.

    `x` is what the model is called with, as for `show`; `object_size` is the side in pixels of
    what it is to recognise; `lang` is the report's language, "en" or "zh". Raises ShowError.
    """
    document, _ = document_of(model, x, name)
    options = ["--lang", lang]
    if object_size is not None:
        options += ["--object", str(object_size)]
    answer = json.loads(_review(document, *options, "--format", "json"))
    page = document.with_name("report.html")
    _review(document, *options, "--format", "html", "-o", str(page))
    if output is not None:
        try:
            page = Path(shutil.copyfile(page, output))
        except OSError as error:
            raise ShowError(f"{output} cannot be written ({error.strerror}).") from error
    return Report(name or type(model).__name__, page, tuple(answer["findings"]))


def _review(document: Path, *options: str) -> str:
    command = [sys.executable, "-m", "viewer.cli", "review", str(document), *options]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise ShowError(done.stderr.strip())
    return done.stdout
