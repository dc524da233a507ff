"""Reviews a network: every rule is tried, and what it finds or cannot know is collected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from analysis.review.finding import SEVERITIES, Finding, Severity, Untold
from analysis.review.subject import Subject


@dataclass(frozen=True)
class Review:
    """All findings, the worst first, and otherwise in the order of the rules and of the network.

    `tried` are the codes of the rules that could judge, `not_tried` why the others could not.
    `partly` says of rules that were tried what one of the layers kept from them.
    """

    findings: tuple[Finding, ...]
    tried: tuple[str, ...]
    not_tried: Mapping[str, Untold] = field(default_factory=dict)
    partly: Mapping[str, Untold] = field(default_factory=dict)

    @property
    def worst(self) -> Severity | None:
        """The severity of the worst finding; None without any."""
        return max((found.severity for found in self.findings), key=SEVERITIES.index, default=None)


def review(subject: Subject, stopped: Callable[[], bool] = lambda: False) -> Review:
    """Everything that the rules remark; ends early, with what it has, after `stopped()`."""
    from analysis.review.rules import RULES  # some thirty modules, wanted here alone

    findings: list[Finding] = []
    tried: list[str] = []
    not_tried: dict[str, Untold] = {}
    partly: dict[str, Untold] = {}
    for rule in RULES.values():
        if stopped():
            break
        told = list(rule.find(subject)) if len(subject.graph) else [Untold("no-shape")]
        found = [each for each in told if isinstance(each, Finding)]
        untold = [each for each in told if isinstance(each, Untold)]
        whole = next((each for each in untold if not each.layer), None)
        if whole is not None and not found:
            not_tried[rule.code] = whole
            continue
        tried.append(rule.code)
        findings += found
        if untold:
            partly[rule.code] = untold[0]
    findings.sort(key=lambda each: -SEVERITIES.index(each.severity))
    return Review(tuple(findings), tuple(tried), not_tried, partly)
