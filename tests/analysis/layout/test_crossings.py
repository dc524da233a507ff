"""The order within layers: few crossings, none where none is needed, nothing lost."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.layout.crossings import crossings, ordered


@st.composite
def layered(draw):
    """Layers of numbers, and for each member some of the layer above."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=6))
    numbers = itertools.count()
    layers = [[next(numbers) for _ in range(size)] for size in sizes]
    before = {member: [] for layer in layers for member in layer}
    for above, layer in itertools.pairwise(layers):
        for member in layer:
            before[member] = draw(st.lists(st.sampled_from(above), unique=True))
    return layers, before


def by_pairs(layers, before):
    """Crossings of all pairs of wires, one by one."""
    total = 0
    for above, layer in itertools.pairwise(layers):
        wires = [(above.index(s), layer.index(m)) for m in layer for s in before[m]]
        total += sum((a - c) * (b - d) < 0 for (a, b), (c, d) in itertools.combinations(wires, 2))
    return total


@settings(deadline=None)
@given(layered())
def test_crossings_are_those_of_all_pairs(drawn):
    assert crossings(*drawn) == by_pairs(*drawn)


@settings(deadline=None)
@given(layered())
def test_an_order_keeps_every_member_and_never_adds_a_crossing(drawn):
    layers, before = drawn
    found = ordered(layers, before)
    assert [sorted(layer) for layer in found] == layers
    assert crossings(found, before) <= crossings(layers, before)


@settings(deadline=None)
@given(st.permutations(range(6)), st.permutations(range(6)))
def test_parallel_wires_are_disentangled(first, second):
    layers = [[("a", i) for i in range(6)], [("b", i) for i in first], [("c", i) for i in second]]
    before = {("b", i): [("a", i)] for i in range(6)} | {("c", i): [("b", i)] for i in range(6)}
    assert crossings(ordered(layers, before), before) == 0
