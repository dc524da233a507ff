"""Reads the colours of assets/look, light and dark. Needs no Qt."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Literal

Mode = Literal["light", "dark"]


@lru_cache(maxsize=1)
def tokens() -> dict[str, dict[str, str]]:
    """The colour tokens by mode and name."""
    text = files("assets").joinpath("look/tokens.json").read_text(encoding="utf-8")
    read: dict[str, dict[str, str]] = json.loads(text)
    return read
