"""Says what a measure tells of the skips, and where a residual connection runs."""

from __future__ import annotations

from analysis.inference.protocol.measures import Contribution, Measured
from viewer.session import Session
from viewer.session.edits.gates import is_off
from viewer.text.block_names import block_name, full_name
from viewer.text.measure_format import MeasureFormat
from viewer.text.translation import tr
from viewer.workspaces.live.skips.picture_pair import said_of


def said_of_skips(session: Session, measured: Measured) -> str:
    """Of the selected skip, else of the one whose value is the largest. There must be one."""
    known, written = measured.skips, MeasureFormat(measured)
    silent = [name for name in known if _is_silent(session, name, known[name], written)]
    if len(silent) == len(known) and session.measure.splits:
        return tr("All skips are off: only the bottleneck is left.")
    name = session.view.skip
    if session.measure.shows_output:
        name = said_of(measured, name)
    if name is None or name not in known:
        name = max(known, key=lambda each: abs(known[each].value))
    if name in silent:
        said = block_name(name)
        return tr("{skip} is off.", skip=said[:1].upper() + said[1:])
    part = known[name]
    return " ".join(filter(None, (written.sentence(name, part.value), written.loss(part))))


def _is_silent(session: Session, name: str, part: Contribution, written: MeasureFormat) -> bool:
    """Whether a skip is off and therefore nothing: no share of it is said."""
    return is_off(session, name) and written.is_zero(part.value)


def way_of(session: Session, name: str) -> tuple[str, str]:
    """Where a residual connection leads, and both of its ends; empty of what is none."""
    skip = session.facts.skip(name) if name else None
    if skip is None:
        return "", ""
    source, join = full_name(skip.source), full_name(skip.join)
    return tr("into {join}", join=join), tr("From {source} into {join}.", source=source, join=join)
