"""Writes the report as one HTML file that needs no network: figure, findings and tables.

It has no script, is light or dark as the reader's system is, and prints. Names come from
strangers: every text is escaped.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path

from analysis.facts import Facts
from analysis.review import Finding, Review, with_mend_of_another
from analysis.storage import atomic_file
from analysis.storage.document import Document
from viewer.drawing.network.diagram import DrawnNetwork
from viewer.drawing.network.diagram_file import diagram, drawn_document
from viewer.drawing.network.diagram_svg import svg
from viewer.drawing.network.figure_options import FigureOptions, GroundName
from viewer.drawing.report.html import Table, page, table, text
from viewer.drawing.report.tables import facts_table, layers_table, memory_table
from viewer.text.escaping import sentence_text, xml_text
from viewer.text.review.by_layer import by_layer_line
from viewer.text.review.findings import finding_lines
from viewer.text.review.reasons import by_reason, mend_words
from viewer.text.review.titles import severity_word
from viewer.text.translation import tr


def write_report(
    path: Path, title: str, document: Document, facts: Facts, review: Review, ignored: int = 0
) -> None:
    """Write the report in one step; `ignored` findings more are left out. Raises OSError."""
    content = report(title, drawn_document(document), facts, review, ignored)
    atomic_file.write(path, [content.encode()])


def report(
    title: str, network: DrawnNetwork, facts: Facts, review: Review, ignored: int = 0
) -> str:
    """The page, in the language in use; it says how many findings more are `ignored`."""
    parts = [
        f"<h1>{text(title)}</h1>",
        _figures(network, title),
        table(facts_table(facts)),
        _findings(review, ignored),
        table(memory_table(facts)),
        table(layers_table(facts)),
    ]
    return page(title, parts)


def _figures(network: DrawnNetwork, title: str) -> str:
    """The figure in light and in dark, of which one is shown."""
    return (
        "<figure>"
        + "".join(_figure(network, title, mode) for mode in ("light", "dark"))
        + ("</figure>")
    )


def _figure(network: DrawnNetwork, title: str, ground: GroundName) -> str:
    drawn = svg(diagram(network, FigureOptions(theme=ground, fields=True)))
    data = base64.b64encode(drawn.encode()).decode()
    alt = xml_text(tr("Figure of {name}", name=sentence_text(title)))
    return f'<img class="{ground}" alt="{alt}" src="data:image/svg+xml;base64,{data}" />'


def _findings(review: Review, ignored: int) -> str:
    count = len(review.findings)
    rows = [f"<h2>{text(tr('Review {count}', count=count))}</h2>"]
    if not count:
        count, all_rules = len(review.tried), len(review.tried) + len(review.not_tried)
        said = tr("Nothing to remark: {count} of {all} rules tried.", count=count, all=all_rules)
        rows.append(f"<p>{text(said)}</p>")
    again = with_mend_of_another(review.findings)
    for found in review.findings:
        lines = finding_lines(found)
        mend = _mend(found, found.key in again)
        rows.append(
            f'<section class="{found.severity}"><h3>{text(lines.what)}</h3>'
            f"<p>{text(lines.why)}</p>{_by_layer(found)}{mend}"
            f"<p><small>{text(severity_word(found.severity))} · {text(found.code)}"
            f" · {text(_layers(found.layers))}</small></p></section>"
        )
    if ignored:
        said = tr("{count} more ignored in the document.", count=ignored)
        rows.append(f"<p>{text(said)}</p>")
    for title, untold in (
        (tr("Not tried"), review.not_tried),
        (tr("Tried in part"), review.partly),
    ):
        whys = [(why, ", ".join(codes)) for why, codes in by_reason(untold).items()]
        if whys:
            rows.append(table(Table(title, (), whys)))
    return "\n".join(rows)


def _by_layer(found: Finding) -> str:
    said = by_layer_line(found)
    return f"<p>{text(said)}</p>" if said else ""


def _mend(found: Finding, said_before: bool) -> str:
    if found.mend is None:
        return ""
    if said_before:
        said = tr("The repair “{what}” above mends this too.", what=mend_words(found.mend))
        return f"<p>{text(said)}</p>"
    return f"<p><b>{text(tr('Repair: {what}', what=mend_words(found.mend)))}</b></p>"


_MOST = 12


def _layers(layers: Sequence[str]) -> str:
    more = f" … ({len(layers)})" if len(layers) > _MOST else ""
    return ", ".join(layers[:_MOST]) + more
