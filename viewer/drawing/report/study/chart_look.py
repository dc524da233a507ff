"""The look of a study's charts: colours of the window, light or dark, and a typeface of its own."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from viewer.look.tokens import tokens
from viewer.text.escaping import name_text
from viewer.text.translation import language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CHINESE = "FieldglassSansSC-Regular.otf"
"""Holds every character of the program's Chinese."""


COLORS = ("text", "muted", "border", "edge", "grid", "skip", "fieldline", "fieldedge", "conv",
          "error", "warn")  # fmt: skip
"""Tokens that charts may use; in light no two are equal, so that each is found again."""
_COLOR = re.compile(rb"#[0-9a-f]{6}\b")


class ChartLook:
    """Colours by what they mean, in light: a chart is drawn once and coloured again for dark."""

    def __getitem__(self, token: str) -> str:
        if token not in COLORS:
            raise LookupError(token)
        return tokens()["light"][token]


def in_dark(svg: bytes) -> bytes:
    """The chart with the colours that mean the same on a dark ground."""
    light, dark = (tokens()[mode] for mode in ("light", "dark"))
    other = {light[each].lower().encode(): dark[each].lower().encode() for each in COLORS}
    return _COLOR.sub(lambda found: other.get(found[0], found[0]), svg)


@contextlib.contextmanager
def drawing(look: ChartLook) -> Iterator[None]:
    """What is drawn inside has this look."""
    import matplotlib as mpl

    text, muted = look["text"], look["muted"]
    settings: Any = {
        "font.family": [*_families(), "DejaVu Sans"],
        "font.size": 9,
        "text.color": text,
        "axes.labelcolor": muted,
        "axes.titlecolor": text,
        "axes.titlesize": 9.5,
        "axes.titleweight": "bold" if language.code == "en" else "normal",
        "axes.titlelocation": "left",
        "axes.edgecolor": look["border"],
        "axes.facecolor": "none",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.unicode_minus": True,
        "xtick.color": muted,
        "ytick.color": muted,
        "xtick.labelsize": 8,
        "ytick.labelsize": 8,
        "grid.color": look["grid"],
        "figure.facecolor": "none",
        "savefig.facecolor": "none",
        "legend.frameon": False,
        "legend.fontsize": 8,
        "legend.labelcolor": text,
        "svg.hashsalt": "fieldglass",
        # An OpenType font cannot be embedded as TrueType is; its outlines can.
        "pdf.fonttype": 42 if language.code == "en" else 3,
    }
    with mpl.rc_context(settings):
        yield


def _families() -> list[str]:
    """The typeface of the language in use, where the one of matplotlib has not its letters."""
    if language.code == "en":
        return []
    from matplotlib import font_manager

    with as_file(files("assets").joinpath("fonts", CHINESE)) as path:
        font_manager.fontManager.addfont(str(path))
        return [font_manager.FontProperties(fname=str(path)).get_name()]


def plain(name: str) -> str:
    """A name from a stranger's network as text of a chart, which takes $ for mathematics."""
    return name_text(name).replace("$", r"\$")


def titled(axes: Axes, title: str, **labels: Any) -> None:
    """Title and axis labels, with grid lines across."""
    axes.set(title=title, **labels)
    axes.grid(visible=True, linewidth=0.6)
    axes.tick_params(length=0)


def svg_of(figure: Figure) -> bytes:
    """The figure as SVG without a date, its letters as paths: it looks the same everywhere."""
    content = io.BytesIO()
    figure.savefig(content, format="svg", metadata={"Date": None})
    return content.getvalue()
