"""The review: what an experienced colleague would remark of a network, as values."""

from analysis.review.consequence import Consequence, consequence
from analysis.review.finding import (
    SEVERITIES,
    Finding,
    Mend,
    Severity,
    Untold,
    with_mend_of_another,
)
from analysis.review.observed import ChannelCounts, DeadChannels, OnImage, Signal, SkipPart
from analysis.review.outcome import Review, review
from analysis.review.subject import Subject

__all__ = [
    "SEVERITIES",
    "ChannelCounts",
    "Consequence",
    "DeadChannels",
    "Finding",
    "Mend",
    "OnImage",
    "Review",
    "Severity",
    "Signal",
    "SkipPart",
    "Subject",
    "Untold",
    "consequence",
    "review",
    "with_mend_of_another",
]
