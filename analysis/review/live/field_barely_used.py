"""`field-barely-used`: on this image the output draws on a small part of its field.

The effective field is measured as Luo, Li, Urtasun and Zemel do ("Understanding the Effective
Receptive Field in Deep Convolutional Neural Networks", NeurIPS 2016, section 3): the pixels whose
gradient is at least 4.55 % of the strongest.
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.live.channels import trained
from analysis.review.live.not_measured import not_measured
from analysis.review.rule import rule
from analysis.review.subject import Subject

TIMES = 4
"""How much longer the field's side is than that of a square of the effective field's pixels."""


@rule("field-barely-used", needs="image")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """The field of the middle units, cut at the image, against what their gradients reach."""
    seen = trained(subject)
    if isinstance(seen, Untold):
        yield seen
        return
    if seen.field_sides is None:
        yield not_measured(subject, seen, "no-effective-field")
        return
    theory, effective = seen.field_sides
    if effective and theory >= TIMES * effective:
        numbers = {
            "field": round(theory),
            "effective": float(f"{effective:.3g}"),
            "times": float(f"{theory / effective:.3g}"),
        }
        layer = subject.graph.output.id
        yield Finding("field-barely-used", "note", (layer,), numbers)
