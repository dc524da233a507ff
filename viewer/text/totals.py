"""The totals of a network in words: of one that clashes, what is known of them, said to be so."""

from __future__ import annotations

from analysis.facts import Facts
from viewer.text.number_format import grouped, scaled
from viewer.text.translation import tr


def parameters_text(facts: Facts) -> str:
    """`31 000 parameters`, or `at least 31 000 parameters` where some are not known."""
    count = grouped(facts.parameters)
    if facts.not_counted:
        return tr("at least {n} parameters", n=count)
    return tr("{n} parameters", n=count)


def macs_text(facts: Facts) -> str:
    """`48.3 G MACs`, or `at least 12 G MACs` where layers have no shape."""
    count = scaled(facts.macs)
    return tr("at least {n} MACs", n=count) if facts.is_part else tr("{n} MACs", n=count)
