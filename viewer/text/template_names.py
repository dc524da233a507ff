"""Names and sentences of what the palette offers."""

from __future__ import annotations

from analysis.graph.templates import Template
from analysis.operators.contract import REGISTRY
from viewer.text.translation import mark, tr

TITLES = {
    "block": mark("Conv block"),
    "encoder": mark("Encoder"),
    "decoder": mark("Decoder"),
    "residual": mark("Residual"),
    "attention-gate": mark("Attention gate"),
    "learned-gate": mark("Learned gate"),
}
HINTS = {
    "block": mark(
        "Two convolutions with normalisation and activation. Size and channels stay as they are."
    ),
    "encoder": mark("Max pooling, then two convolutions: half the size, twice the channels."),
    "decoder": mark(
        "A transposed convolution, then two convolutions: twice the size, half the channels."
    ),
    "residual": mark(
        "Two convolutions whose input is added to their output before the last activation."
    ),
    "attention-gate": mark(
        "Scales each place of a skip by 0 to 1, computed from the skip and the decoder's map."
    ),
    "learned-gate": mark("Scales each unit of a map by 0 to 1, computed from the map itself."),
}


def template_title(template: Template) -> str:
    """`Max pool`: the translated name with a capital."""
    if template.key in TITLES:
        return tr(TITLES[template.key])
    kind = REGISTRY[template.key]
    said = tr(kind.title or kind.key)
    return said[:1].upper() + said[1:]


def template_hint(template: Template) -> str:
    """One sentence on a block, translated; empty for an operator, whose name says it."""
    hint = HINTS.get(template.key)
    return tr(hint) if hint is not None else ""
