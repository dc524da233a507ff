"""`fieldglass describe`: every layer with shape, parameters, multiply-accumulates and memory."""

from __future__ import annotations

import argparse
from typing import Any

from analysis.facts import Facts, analyse
from viewer.command_line.shared.answers import as_csv, as_json, as_table, give
from viewer.command_line.shared.arguments import add_common
from viewer.command_line.shared.fault_lines import error_of
from viewer.command_line.shared.model import Model, open_model

COLUMNS = (
    "name", "group", "operator", "shape", "parameters", "macs", "activation_bytes", "error",
)  # fmt: skip


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
    answer = description(model, facts)
    if asked.format == "json":
        give(as_json(answer), asked.output)
    elif asked.format == "csv":
        give(as_csv(COLUMNS, answer["layers"]), asked.output)
    else:
        give(_table(answer), asked.output)


def description(model: Model, facts: Facts) -> dict[str, Any]:
    """The answer as the JSON interface has it."""
    return {
        "model": model.called,
        "input": list(model.input_shape),
        "parameters": facts.parameters,
        "macs": facts.macs,
        "activation_bytes": facts.activation_bytes,
        "layers": [_layer(facts, node_id) for node_id in facts.layers],
        "skips": [
            {
                "name": skip.name,
                "from": skip.source,
                "to": skip.join,
                "join": skip.how,
                "kind": skip.kind,
            }
            for skip in facts.skips
        ],
    }


def _layer(facts: Facts, node_id: str) -> dict[str, Any]:
    node, layer = facts.graph[node_id], facts.layers[node_id]
    return {
        "name": node_id,
        "group": node.scope or None,
        "operator": node.operator.key,
        "inputs": list(node.inputs),
        "shape": None if layer.shape is None else list(layer.shape),
        "parameters": layer.parameters,
        "macs": layer.macs,
        "activation_bytes": layer.activation_bytes,
        "error": error_of(facts, node_id),
    }


def _table(answer: dict[str, Any]) -> str:
    columns = [
        name for name in COLUMNS if name != "error" or any(r[name] for r in answer["layers"])
    ]
    text = as_table(columns, answer["layers"])
    memory = answer["activation_bytes"] / 1e6
    text += (
        f"\n{answer['parameters']:,} parameters · {answer['macs']:,} multiply-accumulates · "
        f"{memory:,.1f} MB of activations · input {'×'.join(map(str, answer['input']))}\n"
    )
    hidden = sum(row["shape"] is None for row in answer["layers"])
    if hidden:
        text += f"The totals leave out {hidden} of {len(answer['layers'])} layers: no shape.\n"
    if answer["skips"]:
        text += "\n" + as_table(("name", "from", "to", "join", "kind"), answer["skips"])
    return text
