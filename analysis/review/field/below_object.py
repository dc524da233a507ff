"""`field-below-object`: no unit of the output sees a whole object of the size that was said."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject


@rule("field-below-object", needs="object")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """The largest field of the output, on the axis where it is least, against the object."""
    wanted = subject.object_size
    if wanted is None:
        yield Untold("needs-object")
        return
    field = subject.output_field()
    if isinstance(field, Untold):
        yield field
        return
    if field.exactness == "whole input":
        return
    extents = field.extent_max or ()
    if field.axes is None and wanted > min(subject.size):
        yield Untold("object-past-image")  # such fields are known as the image cuts them only
    elif extents and min(extents) < wanted:
        numbers = {"field": min(extents), "object": wanted}
        yield Finding("field-below-object", "warning", (subject.graph.output.id,), numbers)
