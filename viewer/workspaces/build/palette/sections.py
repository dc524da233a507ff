"""Sorts what can be put into a network into the palette's sections, and filters it by words."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.graph.templates import Template, block_templates, operator_templates
from viewer.text.template_names import template_hint, template_title
from viewer.text.translation import mark

OTHER = mark("Other")
SECTIONS = {
    "conv": mark("Convolution"),
    "tconv": mark("Convolution"),
    "pool": mark("Sampling"),
    "resample": mark("Sampling"),
    "join": mark("Join"),
    "norm": mark("Pointwise"),
    "act": mark("Pointwise"),
    "dense": mark("Global"),
    "attn": mark("Global"),
    "reshape": mark("Shape"),
    "end": mark("Ends"),
}
"""The section of each family of operators, in the order of the palette."""


@dataclass(frozen=True)
class PaletteSection:
    """A heading and what stands under it."""

    title: str
    """Marked for translation."""
    templates: tuple[Template, ...]


def palette_sections() -> tuple[PaletteSection, ...]:
    """Blocks first, then every registered operator by its family."""
    found: dict[str, list[Template]] = {title: [] for title in SECTIONS.values()}
    for template in operator_templates():
        found.setdefault(SECTIONS.get(template.family, OTHER), []).append(template)
    operators = tuple(PaletteSection(title, tuple(each)) for title, each in found.items() if each)
    return (PaletteSection(mark("Blocks"), block_templates()), *operators)


def matches(template: Template, words: str) -> bool:
    """Whether every word occurs in its name, its key or its sentence, in whatever case."""
    said = f"{template_title(template)} {template.key} {template_hint(template)}".casefold()
    return all(word in said for word in words.casefold().split())
