"""Names of the colour maps of feature maps, marked for translation."""

from __future__ import annotations

from viewer.text.marking import mark

MAP_COLOR_NAMES = {
    "ink": mark("ink"),
    "grey": mark("grey"),
    "viridis": "viridis",
    "magma": "magma",
    "cividis": "cividis",
    "signed": mark("signed"),
}
