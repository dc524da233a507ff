"""Random cases, possible ones and any."""

from __future__ import annotations

from hypothesis import strategies as st

from analysis.arithmetic import Case, check


@st.composite
def any_case(draw: st.DrawFn, kind: str | None = None) -> Case:
    """Settings within torch's types; whether they fit together is not looked at."""
    kind = kind or draw(st.sampled_from(["conv", "transposed", "pool"]))
    rank = draw(st.sampled_from([1, 2]))

    def axes(least: int, most: int) -> tuple[int, ...]:
        return tuple(draw(st.integers(least, most)) for _ in range(rank))

    mode = draw(st.sampled_from(["max", "average"]))
    groups = draw(st.sampled_from([1, 1, 1, 2, 3]))
    width = draw(st.tuples(st.integers(1, 2), st.integers(1, 2)))
    channels = (groups * width[0], groups * width[1])
    if kind == "pool":
        channels, groups = (channels[0], channels[0]), 1
    return Case(
        kind,
        axes(1, 7),
        axes(1, 4),
        axes(1, 4),
        axes(0, 4),
        (1,) * rank if kind == "pool" and mode == "average" else axes(1, 3),
        axes(0, 3) if kind == "transposed" else (0,) * rank,
        groups,
        channels,
        kind != "pool" and draw(st.booleans()),
        mode,
        draw(st.booleans()),
        draw(st.booleans()),
    )


def possible_case(kind: str | None = None) -> st.SearchStrategy[Case]:
    return any_case(kind).filter(lambda case: check(case) is None)
