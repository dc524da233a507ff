"""Words what a repair would make of the network's parameters and operations."""

from __future__ import annotations

from viewer.text import number_format
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
