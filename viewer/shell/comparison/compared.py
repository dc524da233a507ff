"""Works out, on a worker, all that a comparison shows: both networks, the union, what differs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

from analysis.comparison import Comparison, Differences, Union, compare, differences, united
from analysis.comparison.same_size import at_the_size_of
from analysis.facts import Facts, analyse
from analysis.layout.picture import picture
from analysis.storage.document import Document
from viewer.session.arrangement import Arrangement, arranged


@dataclass(frozen=True)
class Shown:
    """One network as a canvas shows it, and how it differs."""

    arrangement: Arrangement
    differences: Differences

    @property
    def facts(self) -> Facts:
        """What is known of it."""
        return self.arrangement.facts


@dataclass(frozen=True)
class Compared:
    """Two networks and both in one picture."""

    first: Shown
    second: Shown
    both: Shown
    union: Union
    found: Comparison
    sized: bool
    """Whether the second one was given the first one's input size."""


def compared(first: Document, second: Document) -> Compared:
    """All that a comparison of two documents shows; neither is changed."""
    graph = at_the_size_of(second.graph, first.graph)
    sized = graph is not second.graph
    first = replace(first, positions=MappingProxyType({}))
    second = replace(second, graph=graph, positions=MappingProxyType({}))
    second = replace(second, image=first.image, image_reading=first.image_reading, target=None)
    one, other = analyse(first.graph), analyse(second.graph)
    found = compare(one, other)
    mine, theirs = differences(first.graph, second.graph, found)
    union = united(one, other, found)
    both = replace(second, graph=union.facts.graph, weights=None, gates=MappingProxyType({}))
    return Compared(
        Shown(arranged(first, False, frozenset()), mine),
        Shown(arranged(second, False, frozenset()), theirs),
        Shown(_of_union(both, union.facts), union.differences),
        union,
        found,
        sized,
    )


def _of_union(document: Document, facts: Facts) -> Arrangement:
    """The arrangement of a graph whose facts are not its own: it is never analysed."""
    empty = Arrangement(
        document=document,
        facts=facts,
        strict=False,
        picture=picture(facts, {}),
        expanded=frozenset(("",)),
        collapsed=frozenset(),
    )
    return arranged(document, False, frozenset(), empty)
