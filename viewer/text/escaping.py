"""Escapes text from outside for each output it is written to; the only file that escapes.

Names of layers, files and pictures come from strangers. Whatever is in them, they are shown and
written as text: a terminal is not steered, a spreadsheet computes nothing, XML stays well formed,
TeX runs nothing, Qt reads no markup.
"""

from __future__ import annotations

import json
import re
from typing import Any

_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(1 << 16, 17 << 16, 1 << 16)
    )
    + "]"
)
"""Characters that steer instead of showing: control characters, marks of direction, invisible
ones, halves of surrogate pairs, and code points that are no characters."""
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the start of a formula (OWASP, "CSV Injection")."""
NAME_MOST, TABLE_MOST, WORD_MOST, LINE_MOST = 80, 200, 200, 1000
"""Most characters of a layer's name on screen, of a cell in the table of a terminal, of one word
and of one line of a sentence."""


def visible(text: str) -> str:
    """The text with every character that steers or hides written out: `\\x1b`, `\\u202e`."""
    if _HIDDEN.search(text) is None:
        return text
    return _HIDDEN.sub(lambda found: _code(found[0]), text)


def _code(character: str) -> str:
    known = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}.get(character)
    if known is not None:
        return known
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def shortened(text: str, most: int) -> str:
    """At most `most` characters, with … in the middle for what is left out."""
    if len(text) <= most:
        return text
    head = most // 2
    return f"{text[:head]}…{text[len(text) - (most - head - 1) :]}"


def name_text(name: str) -> str:
    """The name of a layer, group or file as it stands in a picture, a label or a sentence."""
    return shortened(visible(name), NAME_MOST)


def sentence_text(text: str, word: int = WORD_MOST) -> str:
    """A sentence on one line; it and its words are shortened where they are past all measure."""
    line = re.sub(rf"\S{{{word + 1},}}", lambda found: shortened(found[0], word), visible(text))
    return shortened(line, LINE_MOST)


def terminal_line(text: str) -> str:
    """A sentence on one line of a terminal."""
    return sentence_text(" ".join(part.strip() for part in text.splitlines()))


def csv_text(text: str) -> str:
    """The content of a cell that a spreadsheet computes nothing of."""
    shown = visible(text)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown


def json_text(value: Any, indent: int | None = None) -> str:
    """JSON in UTF-8 whose characters can all be seen; what steers is written as `\\u001b`.

    The values are unchanged: a reader gets each name as it was. Raises ValueError for NaN.
    """
    return json_visible(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent))


def json_visible(text: str) -> str:
    """JSON whose strings may hold characters that cannot be seen, with those as escapes."""
    return _HIDDEN.sub(lambda found: _json_code(found[0]), text)


def _json_code(character: str) -> str:
    """Line ends outside strings stay: inside them `json` has already escaped all below U+0020."""
    return "\n" if character == "\n" else json.dumps(character)[1:-1].replace("\x7f", "\\u007f")


_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})


def xml_text(text: str) -> str:
    """The content of an element, or of an attribute in double quotes."""
    return visible(text).translate(_XML)


def menu_text(text: str) -> str:
    """A name in a menu or on a button, where Qt takes & for the mark of a shortcut."""
    return name_text(text).replace("&", "&&")


def title_text(text: str) -> str:
    """A name in a window's title, where Qt takes [*] for the mark of unsaved changes."""
    return name_text(text).replace("[*]", "[*][*]")


def file_text(name: str) -> str:
    """A name as the stem of a file that every system takes: no path, nothing it cannot hold."""
    return re.sub(r'[\\/:*?"<>|]', "-", name_text(name)).strip(". ")


# ------------------------------------------------------------------------------------ TeX

_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\char34{}",
    "'": r"\char39{}", "`": r"\char96{}", "-": r"-{}",
    "×": r"$\times$", "²": "$^2$", "³": "$^3$", "≠": r"$\neq$", "≤": r"$\leq$", "–": "--",
    "…": r"\dots{}", "\u2009": r"\,", "\u202f": r"\,", "\u00a0": "~", "·": r"$\cdot$",
    "−": "$-$", "σ": r"$\sigma$", "α": r"$\alpha$",
}  # fmt: skip
LETTER = (
    r'\newcommand{\letter}[1]{\ifdefined\XeTeXversion\char"#1\else'
    r'\ifdefined\directlua\char"#1\else{\ttfamily U+#1}\fi\fi}'
)
"""Defines `\\letter`: a character by its code point where TeX knows Unicode, else that number."""


def tex_text(text: str) -> str:
    """Text that TeX sets and never runs; needs `LETTER` where it holds `\\letter`."""
    return "".join(_tex(character) for character in visible(text))


def _tex(character: str) -> str:
    if character in _TEX:
        return _TEX[character]
    if character.isascii() or ("À" <= character <= "ÿ" and character not in "ÐðÞþ×÷"):
        return character
    return rf"\letter{{{ord(character):04X}}}"
