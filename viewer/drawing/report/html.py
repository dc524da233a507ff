"""Writes the parts that every report has in HTML: the page around them, tables, escaped text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from viewer.drawing.report.look import STYLE
from viewer.text.escaping import sentence_text, xml_text
from viewer.text.languages import language_row
from viewer.text.translation import language


@dataclass(frozen=True)
class Table:
    """A heading, names of columns (none for a plain list), rows of texts, and a last row."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] = field(default_factory=tuple)
    note: str = ""


def page(title: str, parts: Iterable[str]) -> str:
    """One HTML file that needs no network and runs no script, in the language in use."""
    body = chr(10).join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="{language_row(language.code).option}">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "img-src data:; style-src 'unsafe-inline'\">\n"
        f"<title>{text(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def text(words: str) -> str:
    """Escaped: names come from strangers."""
    return xml_text(sentence_text(words))


def table(shown: Table) -> str:
    """A heading, a remark and the rows."""
    head = "".join(f"<th>{text(each)}</th>" for each in shown.columns)
    body = "".join(_row(row) for row in shown.rows)
    heading = f"<thead><tr>{head}</tr></thead>" if head else ""
    foot = f"<tfoot>{_row(shown.total)}</tfoot>" if shown.total else ""
    note = f"<p><small>{text(shown.note)}</small></p>" if shown.note else ""
    return (
        f"<h2>{text(shown.title)}</h2>{note}<div><table>{heading}<tbody>{body}</tbody>{foot}"
        "</table></div>"
    )


def _row(cells: Iterable[str]) -> str:
    first, *others = cells
    return f"<tr><th>{text(first)}</th>" + "".join(f"<td>{text(c)}</td>" for c in others) + "</tr>"
