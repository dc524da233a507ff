"""`centre-off`: the output's units do not sit where the picture has them, on the mean.

Even kernels, a stride of 2 with an odd kernel, crops and paddings move them. A crop that takes
the same off both sides is none: the output is compared with the middle of the input. Of an output
that is reached on several ways, all must lie off to the same side: where one lies in place the
field does not move as a whole, and `join-misaligned` says that the ways part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analysis.facts import analyse
from analysis.review.alignment import size_drops_rows
from analysis.review.alignment.even_crops import even_crops
from analysis.review.alignment.even_strides import EvenStrides, whole_strides, whole_strides_mend
from analysis.review.alignment.half_pixel_centres import half_pixel_centres
from analysis.review.alignment.output_place import HALF, OutputPlace, output_place
from analysis.review.alignment.several_causes import mend_of_several
from analysis.review.finding import Finding, Mend, Severity, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject
from analysis.review.ways import moved_by


@rule("centre-off")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """The output's places against those of a map of its step in the middle of the input."""
    place = output_place(subject)
    if isinstance(place, Untold):
        yield place
        return
    if place is None or abs(place.most) < HALF:
        return
    numbers: dict[str, int | float] = {
        "pixels": place.mean,
        "at_border": place.most,
        "step": round(max(lattice.step for lattice in place.way.lattices), 4),
    }
    severity: Severity = "warning" if place.is_off else "note"
    if place.is_off:
        numbers |= moved_by(place.way.moves[place.axis])
    mend = _mend(subject) if place.is_off else _half_pixel_centres(subject)
    yield Finding("centre-off", severity, (subject.graph.output.id,), numbers, mend)


def _mend(subject: Subject) -> Mend | None:
    """The first change after which the output lies in place, and nothing is off that was not.

    Another size of the input comes last; before it maps keep their sizes.
    """
    strides, layer = EvenStrides(subject), subject.graph.output.id
    if wide := strides.aligned_with({}, layer):
        return Mend("even-kernels", {"layers": len(wide)}, wide)
    up = whole_strides(subject)
    if up and (whole := strides.aligned_with(up, layer)):
        return whole_strides_mend(up, whole)
    crops = even_crops(subject, subject.before_output)
    several = mend_of_several(crops, strides.odd_kernels, strides, layer)
    return several or _other_size(subject)


def _other_size(subject: Subject) -> Mend | None:
    """The size at which nothing is dropped, where the output then lies in place."""
    dropping = [each for each in size_drops_rows.find(subject) if isinstance(each, Finding)]
    for mend in (each.mend for each in dropping):
        changed = mend.applied(subject.graph) if mend is not None else None
        after = output_place(Subject(analyse(changed))) if changed is not None else None
        if isinstance(after, OutputPlace) and abs(after.most) < HALF:
            return mend
    return None


def _half_pixel_centres(subject: Subject) -> Mend | None:
    """Interpolation from the pixels' centres, where that puts the border in place."""
    corners = half_pixel_centres(subject, subject.before_output)
    graph = subject.graph.with_operators(corners)
    after = output_place(Subject(replace(subject.facts, graph=graph)))
    if not corners or not isinstance(after, OutputPlace) or abs(after.most) >= HALF:
        return None
    return Mend("half-pixel-centres", {"layers": len(corners)}, corners)
