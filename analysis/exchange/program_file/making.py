"""In a child process: exports the module of a network and saves the program."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.export import Dim

from analysis.exchange.program_file.module import OfGraph, example
from analysis.facts import Facts, analyse
from analysis.facts.size_rule import takes_larger
from analysis.operators import Given
from analysis.storage.document import from_json

Program = torch.export.ExportedProgram


def main(document: str, weights: str, made: str) -> None:
    """Write the program of the document's network, and what it takes on standard output."""
    warnings.simplefilter("ignore")
    graph = from_json(Path(document).read_bytes())[0].graph
    facts, tensors = analyse(graph), load_file(weights)
    try:
        model = OfGraph(graph, facts, tensors).eval()
        program = exported(model, facts, tensors)
        torch.export.save(program, made)
    except MemoryError:
        answer: dict[str, Any] = {"code": "program-memory", "numbers": []}
    except Exception as error:  # noqa: BLE001 - torch raises whatever a call makes it
        lines = [line for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
        answer = {"code": "program-not-made", "numbers": [lines[0].strip()[:240]]}
    else:
        answer = {"taken": [*open_axes(program, model), model.arguments]}
    print(json.dumps(answer))


def exported(model: OfGraph, facts: Facts, weights: Mapping[str, Tensor]) -> Program:
    """The program that takes most: any batch and size, any size, or the present one alone.

    torch takes an example's axis of length 1 for one that never changes, so a batch is open in an
    example of two images.
    """
    failed: Exception | None = None
    ladder = ((2, True), (1, True), (2, False), (1, False))
    for batch, sizes in ladder if takes_larger(facts) else ladder[2:]:
        examples = tuple(example(node, facts, weights, batch) for node in model.taken)
        axes = [
            None
            if isinstance(node.operator, Given)
            else {
                0: Dim.AUTO if batch > 1 else Dim.STATIC,
                1: Dim.STATIC,
                **dict.fromkeys(range(2, given.ndim), Dim.AUTO if sizes else Dim.STATIC),
            }
            for node, given in zip(model.taken, examples, strict=True)
        ]
        try:
            with torch.no_grad():
                shapes = dict(zip(model.arguments, axes, strict=True))
                program = torch.export.export(model, examples, dynamic_shapes=shapes, strict=False)
        except Exception as error:  # noqa: BLE001 - the next one asks for less
            failed = error
            continue
        if batch == 1 or open_axes(program, model)[0]:
            return program
    assert failed is not None
    raise failed


def open_axes(program: Program, model: OfGraph) -> tuple[bool, bool]:
    """Whether the batch is open in all images that a program takes, and whether all sizes are."""
    names = program.graph_signature.user_inputs
    values = {
        node.name: node.meta["val"] for node in program.graph.nodes if node.op == "placeholder"
    }
    pictures = [
        values[str(name)].shape
        for name, node in zip(names, model.taken, strict=True)
        if not isinstance(node.operator, Given)
    ]
    # a length that turned out to be the example's is a symbol still, which stands for a number
    opened = [[not str(length).isdecimal() for length in shape] for shape in pictures]
    return all(each[0] for each in opened), all(all(each[2:]) for each in opened)
