"""Words what a repair would make of the number that is remarked, of parameters and operations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from analysis.review import Finding
from analysis.review.after_repair import Changed, What
from viewer.text import number_format
from viewer.text.escaping import name_text
from viewer.text.review.findings import finding_lines
from viewer.text.translation import mark, tr


def after_and_now(parameters: int, macs: int, parameters_now: int, macs_now: int) -> str:
    """Both counts after a repair and before it; what stays is said to stay."""
    count, now = _told_apart(parameters, parameters_now)
    work, work_now = _told_apart(macs, macs_now)
    if (parameters, macs) == (parameters_now, macs_now):
        return tr("The repair changes neither parameters nor MACs.")
    if macs == macs_now:
        said = mark("After the repair: {parameters} parameters (now {now}), MACs as now.")
        return tr(said, parameters=count, now=now)
    if parameters == parameters_now:
        said = mark("After the repair: parameters as now, {macs} MACs (now {now}).")
        return tr(said, macs=work, now=work_now)
    return tr(
        "After the repair: {parameters} parameters (now {now}), {macs} MACs (now {macs_now}).",
        parameters=count,
        now=now,
        macs=work,
        macs_now=work_now,
    )


def _told_apart(after: int, now: int) -> tuple[str, str]:
    """Both counts, to the last digit where three digits would make the difference wrong."""
    if abs(after - now) * 20 < max(after, now):
        return number_format.grouped(after), number_format.grouped(now)
    return number_format.scaled(after), number_format.scaled(now)


_CHANGED: Mapping[What, str] = {
    "apart": mark("The maps then lie {after} px apart (now {now})."),
    "off": mark("It then lies {after} px off (now {now})."),
    "contrast": mark("The contrast is then {after} % (now {now} %)."),
    "unread": mark("Of the map {after} % is then unread (now {now} %)."),
    "unseen": mark("Of the field {after} % is then unseen (now {now} %)."),
    "rows": mark("Rows then unread: {after} (now {now})."),
    "passed": mark("Numbers that then pass: {after} (now {now})."),
    "pairs": mark("Linear pairs then left: {after} (now {now})."),
    "field": mark("The output then sees {after} px (now {now})."),
}


def changed_words(changed: Iterable[Changed]) -> str:
    """Each number after the repair beside what it is now."""
    said = ""
    for each in changed:
        own = tr(_CHANGED[each.what], after=_number(each.after), now=_number(each.now))
        said = tr("{first} {second}", first=said, second=own) if said else own
    return said


def brought_words(brought: Sequence[Finding], called: Callable[[str], str] = name_text) -> str:
    """What the review would remark after the repair and does not now; empty for nothing."""
    if not brought:
        return ""
    said = finding_lines(brought[0], called).what
    if len(brought) == 1:
        return tr("The review then remarks: {what}", what=said)
    more = len(brought) - 1
    return tr("The review then remarks, with {count} more: {what}", what=said, count=more)


def _number(value: float) -> str:
    if value == int(value):
        return number_format.grouped(int(value))
    return f"{value:.3g}" if abs(value) >= 0.005 else "0"
