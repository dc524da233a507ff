"""What the severities of findings are called."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.review import Severity
from viewer.text.translation import mark, tr

SEVERITY_WORDS: Mapping[Severity, str] = {
    "note": mark("Note"),
    "warning": mark("Warning"),
    "error": mark("Error"),
}


def severity_word(severity: Severity) -> str:
    """Its name in the language in use."""
    return tr(SEVERITY_WORDS[severity])
