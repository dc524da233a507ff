"""Words for what the skips have shares of: the output, or what a closing softmax is given."""

from __future__ import annotations

from analysis.graph import Graph
from analysis.graph.closing_activation import closing_activation
from analysis.operators import REGISTRY
from viewer.text.operator_names import operator_title
from viewer.text.translation import mark, tr

LOGITS = ("sigmoid", "softmax", "log_softmax")
"""Keys of the activations whose argument is called logits."""
OUTPUT_WORDS = {"whole": mark("the output"), "split": mark("the output"), "map": mark("output")}
LOGITS_WORDS = {
    "whole": mark("the logits before {activation}"),
    "split": mark("the logits"),
    "map": mark("logits"),
}
VALUES_WORDS = {
    "whole": mark("the values before {activation}"),
    "split": mark("the pre-activation"),
    "map": mark("pre-act."),
}


def split_words_of(graph: Graph) -> dict[str, str]:
    """The words {whole}, {split} and {map} for a network."""
    return split_words(closing_activation(graph))


def split_words(before: str) -> dict[str, str]:
    """The same; `before` is the key of the closing activation or ''."""
    if not before:
        return {key: tr(text) for key, text in OUTPUT_WORDS.items()}
    words = LOGITS_WORDS if before in LOGITS else VALUES_WORDS
    kind = REGISTRY.get(before)
    activation = operator_title(kind) if kind is not None else before
    return {key: tr(text, activation=activation) for key, text in words.items()}
