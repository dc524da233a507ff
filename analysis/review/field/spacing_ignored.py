"""`spacing-ignored`: thick slices are treated like the fine pixels in them.

nnU-Net neither pools nor convolves along an axis whose voxels are still twice as long as the
shortest (Isensee, Jaeger, Kohl, Petersen, Maier-Hein, "nnU-Net", Nature Methods 2021, supplementary
note on the network's topology): there neighbours along it have little to do with each other.
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis.graph import Node
from analysis.review.finding import Finding, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject
from analysis.review.windows import slides

TIMES = 2.0
"""An axis is coarse while its step is at least this many times the finest axis's."""


@rule("spacing-ignored", needs="spacing")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """One finding for all layers that reach along an axis which is coarse where they stand."""
    if not subject.size:
        yield Untold("no-input-map")
        return
    if subject.spacing is None or len(subject.spacing) != len(subject.size):
        yield Untold("needs-spacing")
        return
    reaching = [node.id for node in subject.nodes if _reaches(subject, node)]
    if reaching:
        fine, coarse = min(subject.spacing), max(subject.spacing)
        numbers = {
            "layers": len(reaching),
            "fine": fine,
            "coarse": coarse,
            "times": float(f"{coarse / fine:.3g}"),
        }
        yield Finding("spacing-ignored", "note", tuple(reaching), numbers)


def _reaches(subject: Subject, node: Node) -> bool:
    """Whether it takes several steps of a coarse axis together, as it does of the finest one."""
    slid = slides(node.operator)
    field = subject.facts.fields.get(node.inputs[0]) if node.inputs else None
    if field is None or field.jump is None or len(slid) != len(subject.size):
        return False
    assert subject.spacing is not None
    steps = [float(j) * apart for j, apart in zip(field.jump, subject.spacing, strict=True)]
    finest = min(range(len(steps)), key=steps.__getitem__)
    return slid[finest].kernel > 1 and any(
        step >= TIMES * steps[finest] and each.kernel > 1
        for step, each in zip(steps, slid, strict=True)
    )
