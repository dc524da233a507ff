"""`field-covers-image`: layers whose input already sees twice the image or more.

Every unit of their input sees the whole image then, so that a kernel wider than 1 can bring no
pixel in that was not there. Richter, Byttner, Krumnack, Wiedenroth, Schallner, Shenk: "(Input)
size matters for CNN classifiers" (ICANN 2021) call such layers unproductive; they ask for once
the image, this rule for twice, so that units in the corners see all as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject
from analysis.review.windows import slides

TIMES = 2


@rule("field-covers-image")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """One finding for all such layers on the way down: on the way up they refine, not look."""
    if not subject.size:
        yield Untold("no-input-map")
        return
    covered: list[str] = []
    deepest = _deepest_before(subject)
    least = 0.0
    for node in subject.nodes:
        slid = slides(node.operator)
        on_the_way_up = deepest[node.id] > subject.facts.levels[node.id] + 0.1
        if not any(each.kernel > 1 for each in slid) or on_the_way_up:
            continue
        field = subject.facts.fields.get(node.inputs[0])
        if field is None or field.axes is None or field.exactness != "exact":
            continue
        extents = field.extent_min or ()
        if len(extents) != len(subject.size) or node.id not in subject.before_output:
            continue
        times = min(e / n for e, n in zip(extents, subject.size, strict=True))
        if times >= TIMES:
            least = least or times
            covered.append(node.id)
    if covered:
        numbers = {"layers": len(covered), "times": round(least, 2), "image": max(subject.size)}
        yield Finding("field-covers-image", "note", tuple(covered), numbers)


def _deepest_before(subject: Subject) -> dict[str, float]:
    """The deepest level on the way to each node: past it, something was sampled up."""
    levels, deepest = subject.facts.levels, dict[str, float]()
    for node in subject.graph.nodes:
        deepest[node.id] = max([levels[node.id], *(deepest[source] for source in node.inputs)])
    return deepest
