"""The question whether the output follows a shift of the input, and its answer."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.inference.protocol.question import Question, QuestionKind, Reply


@dataclass(frozen=True, slots=True)
class EquivarianceRequest(Question):
    """Asks it of the slot's last run, for shifts by these whole pixels down and right."""

    shifts: tuple[int, ...] = (1, 2, 4, 8, 16, 32)


@dataclass(frozen=True, slots=True)
class Equivariance(Reply):
    """`errors` are (shift, ‖f(Sx) − S f(x)‖ / ‖f(x)‖) on the middle half of the output.

    0 is an output that follows exactly; near the border, where the picture's edge comes in, no
    network can. Shifts that an eighth of the output does not hold are left out.
    """

    errors: tuple[tuple[int, float], ...]


KIND = QuestionKind(
    EquivarianceRequest,
    Equivariance,
    "analysis.inference.answers.equivariance:equivariance",
    gives_way_to="any run",
    of_output=True,
)
