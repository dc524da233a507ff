"""Exports a TorchScript module by its own graph, its calls named by their weights."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from .fixed_sizes import with_fixed_sizes
from .limits import is_full
from .refusal import Refused


def is_scripted(model: Any) -> bool:
    """Whether a module was scripted, traced or read from a TorchScript archive."""
    import torch

    return isinstance(model, torch.jit.ScriptModule)


def export_scripted(model: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """The exported program of a scripted module's inlined graph. Raises Refused, MemoryError.

    What TorchScript would decide by values has no one graph, and is refused.
    """
    import torch

    by_values = _decides(model)
    try:
        # not public: where torch moves it, a scripted module is refused as it was before
        from torch._export.converter import TS2EPConverter
    except ImportError as error:
        raise Refused("model-scripted") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            program = TS2EPConverter(model, tuple(args), dict(kwargs)).convert()
            if any("sym_size" in str(node.target) for node in program.graph.nodes):
                # lengths that it measures are numbers at the size at hand
                fixed = with_fixed_sizes(program.module(), tuple(args))
                program = torch.export.export(fixed, tuple(args), strict=False)
    except Exception as error:
        if is_full(error):
            raise MemoryError from error
        raise Refused("model-scripted-by-values" if by_values else "model-scripted") from error
    if any(isinstance(node.target, torch._ops.HigherOrderOperator) for node in program.graph.nodes):
        raise Refused("model-scripted-by-values")
    _mark_parameters(program, model)
    _name_by_weights(program)
    return program


def _decides(model: Any) -> bool:
    """Whether the inlined graph has a branch or a loop."""
    graph = model.inlined_graph
    return any(graph.findNode(kind) is not None for kind in ("prim::If", "prim::Loop"))


def _mark_parameters(program: Any, model: Any) -> None:
    """Call learned what the module does: its converter makes buffers of all weights."""
    from torch.export.graph_signature import InputKind

    learned = {name for name, _ in model.named_parameters(remove_duplicate=False)}
    for spec in program.graph_signature.input_specs:
        if spec.kind is InputKind.BUFFER and spec.target in learned:
            spec.kind, spec.persistent = InputKind.PARAMETER, None


def _name_by_weights(program: Any) -> None:
    """Give each call that reads weights their module as its own, which scripting has lost."""
    targets = {spec.arg.name: spec.target for spec in program.graph_signature.input_specs}
    for node in program.graph.nodes:
        if node.op != "call_function":
            continue
        node.meta.pop("nn_module_stack", None)
        owners = [str(targets[each.name]).rpartition(".")[0] for each in node.all_input_nodes
                  if targets.get(each.name)]  # fmt: skip
        if owners and owners[0]:
            path = owners[0]
            node.meta["nn_module_stack"] = {f"L['self'].{path}": (path, "torch.nn.Module")}
