"""`fieldglass describe`: every layer with shape, parameters, multiply-accumulates and memory."""

from __future__ import annotations

import argparse
from typing import Any

from analysis.facts import analyse
from viewer.command_line.shared.answers import as_csv, as_json, as_table, give
from viewer.command_line.shared.arguments import add_common
from viewer.command_line.shared.model import open_model
from viewer.command_line.shared.run_remarks import note_weights, weights_answer
from viewer.command_line.shared.weights_fit import weights_fit
from viewer.files.layer_table import COLUMNS, layer_table
from viewer.text.escaping import visible

RARE = ("shares", "error")
"""Columns of the table that are left out where no layer has anything there."""


class ListBlueprints(argparse.Action):
    """`--list` needs no MODEL: it answers while the arguments are still being read."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> None:
        from analysis.blueprints import describe_blueprints

        give(describe_blueprints() + "\n", None)
        parser.exit()


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `describe`."""
    parser.add_argument(
        "--list", action=ListBlueprints, nargs=0, help="print blueprints, settings and presets"
    )
    add_common(parser, output="write the answer to this file")


def run(asked: argparse.Namespace) -> None:
    """Print what is known of every layer. Raises Refusal."""
    model = open_model(asked)
    facts = analyse(model.graph)
    shape, unused = model.input_shape, model.unused_parameters
    answer = layer_table(facts, model.called, shape, unused, model.decided)
    if model.norms_folded:
        answer["norms_folded"] = model.norms_folded
    if (report := weights_fit(model, facts, asked)) is not None:
        answer["weights"] = weights_answer(report, asked.weights)
        note_weights(report, asked.weights)
    if asked.format == "json":
        give(as_json(answer), asked.output)
    elif asked.format == "csv":
        give(as_csv(COLUMNS, answer["layers"]), asked.output)
    else:
        give(_table(answer), asked.output)


def _table(answer: dict[str, Any]) -> str:
    columns = [
        name for name in COLUMNS if name not in RARE or any(row[name] for row in answer["layers"])
    ]
    text = as_table(columns, answer["layers"])
    memory = answer["activation_bytes"] / 1e6
    text += (
        f"\n{answer['parameters']:,} parameters · {answer['macs']:,} multiply-accumulates · "
        f"{memory:,.1f} MB of activations · input {'×'.join(map(str, answer['input']))}\n"
    )
    if answer["unused_parameters"]:
        text += f"{answer['unused_parameters']:,} more parameters belong to what is never used.\n"
    if answer["sizes"] is not None:
        text += f"Sizes that work: {_sizes(answer['sizes'])}.\n"
    elif answer["one_size"]:
        size = "×".join(map(str, answer["input"][1:]))
        text += f"Sizes that work: only the one that was read, {size}.\n"
    text += _ends(answer)
    hidden = sum(row["shape"] is None for row in answer["layers"])
    if hidden:
        text += f"{hidden} of {len(answer['layers'])} layers have no shape: "
        text += "multiply-accumulates and memory leave them out"
        left = len(answer["not_counted"])
        text += f", parameters {left} of them.\n" if left else ", parameters are all counted.\n"
    if answer["skips"]:
        text += "\n" + as_table(("name", "from", "to", "join", "kind"), answer["skips"])
    return text


def _sizes(sizes: dict[str, list[int]]) -> str:
    """`multiples of 16, from 32 on`, axis by axis where the axes differ."""
    axes = list(zip(sizes["multiple_of"], sizes["least"], sizes["remainder"], strict=True))
    return " by ".join(_axis(*axis) for axis in (axes[:1] if len(set(axes)) == 1 else axes))


def _axis(multiple: int, least: int, remainder: int) -> str:
    every = "any" if multiple == 1 else f"multiples of {multiple}"
    return f"{every}{f' and {remainder} more' if remainder else ''}, from {least} on"


def _ends(answer: dict[str, Any]) -> str:
    """A line where several tensors come in or go out."""
    parts = [
        f"{len(names)} {what} ({', '.join(map(visible, names))})"
        for what, names in (("inputs", answer["inputs"]), ("outputs", answer["outputs"]))
        if len(names) > 1
    ]
    return f"{' · '.join(parts)}\n" if parts else ""
