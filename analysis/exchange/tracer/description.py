"""An exported program as plain values: its calls in order, and its tensors by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .constants import Constants, written


def describe(program: Any) -> tuple[list[dict[str, Any]], list[Any], dict[str, Any]]:
    """(nodes in order, the outputs' arguments, tensors by placeholder name)."""
    tensors = Constants()
    nodes: list[dict[str, Any]] = []
    held = {**program.constants, **program.state_dict}
    kinds = {spec.arg.name: spec for spec in program.graph_signature.input_specs}
    aliases: dict[str, Any] = {}
    for node in program.graph.nodes:
        if node.op == "placeholder":
            spec = kinds[node.name]
            if spec.kind.name == "USER_INPUT":
                nodes.append({"op": "input", "name": node.name, "val": _value(node)})
            else:
                trained = spec.kind.name == "PARAMETER"
                tensors.add(node.name, held[spec.target], trained)
                nodes.append({"op": "tensor", "name": node.name, "target": spec.target,
                              "trained": trained, "val": _value(node)})  # fmt: skip
    outputs = _describe_calls(program.graph_module, "", aliases, nodes, tensors)
    return nodes, outputs, tensors.tensors


def _describe_calls(
    module: Any,
    prefix: str,
    aliases: dict[str, Any],
    nodes: list[dict[str, Any]],
    tensors: Constants,
) -> list[Any]:
    """Append the calls of one graph; those of a graph inside (no_grad, autocast) in its place."""
    outputs: list[Any] = []
    for node in module.graph.nodes:
        name = prefix + node.name
        if node.op == "output":
            outputs = list(_flat(_argument(node.args[0], prefix, aliases)))
        elif node.op == "get_attr" and not hasattr(getattr(module, node.target), "graph"):
            tensor = getattr(module, node.target)
            trained = bool(getattr(tensor, "requires_grad", False))
            tensors.add(name, tensor, trained)
            nodes.append({"op": "tensor", "name": name, "target": node.target,
                          "trained": trained, "val": _value(node)})  # fmt: skip
        elif node.op == "call_function" and "wrap_with" in str(node.target):
            at = next(i for i, a in enumerate(node.args) if getattr(a, "op", "") == "get_attr")
            inner = getattr(module, node.args[at].target)
            places = [each for each in inner.graph.nodes if each.op == "placeholder"]
            for place, given in zip(places, node.args[at + 1 :], strict=True):
                aliases[f"{name}/{place.name}"] = _argument(given, prefix, aliases)
            aliases[name] = _describe_calls(inner, f"{name}/", aliases, nodes, tensors)
        elif node.op == "call_function" and "getitem" in str(node.target):
            source, index = prefix + node.args[0].name, node.args[1]
            if source in aliases:
                aliases[name] = aliases[source][index]
            elif tensors.take_item(name, source, index):
                nodes.append(_constant(node, name, tensors))
            else:
                nodes.append({"op": "item", "name": name, "index": index, "val": _value(node),
                              "of": _argument(node.args[0], prefix, aliases)})  # fmt: skip
        elif node.op == "call_function" and _is_computed(node, name, prefix, aliases, tensors):
            if name in tensors.tensors:
                nodes.append(_constant(node, name, tensors))
        elif node.op == "call_function":
            nodes.append(_call(node, name, prefix, aliases))
    return outputs


def _is_computed(
    node: Any, name: str, prefix: str, aliases: Mapping[str, Any], tensors: Constants
) -> bool:
    """Compute a call that no input reaches, as a weight norm's or a mask's; whether it was one."""
    from torch.fx.node import map_arg

    def known(source: Any) -> str:
        found = aliases.get(prefix + source.name)
        return str(found["node"]) if isinstance(found, dict) else prefix + source.name

    sources = [known(each) for each in node.all_input_nodes]
    if not tensors.computes(node.target, sources, [known(each) for each in written(node)]):
        if _value(node) is not None:
            tensors.read(sources)
        return False
    args, kwargs = map_arg((node.args, node.kwargs), lambda each: tensors.held(known(each)))
    return tensors.compute(name, node.target, args, kwargs, sources)


def _constant(node: Any, name: str, tensors: Constants) -> dict[str, Any]:
    return {"op": "tensor", "name": name, "target": node.name, "trained": name in tensors.trained,
            "val": _one_value(tensors.tensors[name])}  # fmt: skip


def _call(node: Any, name: str, prefix: str, aliases: Mapping[str, Any]) -> dict[str, Any]:
    stack = [(path, kind if isinstance(kind, str) else f"{kind.__module__}.{kind.__qualname__}")
             for path, kind in (node.meta.get("nn_module_stack") or {}).values()]  # fmt: skip
    calls = list((node.meta.get("nn_module_stack") or {}).keys())
    schema = getattr(node.target, "_schema", None)
    return {
        "op": "call",
        "name": name,
        "target": str(node.target),
        "arguments": [argument.name for argument in schema.arguments] if schema else [],
        "writes": bool(schema and schema.is_mutable),
        "args": [_argument(each, prefix, aliases) for each in node.args],
        "kwargs": {key: _argument(each, prefix, aliases) for key, each in node.kwargs.items()},
        "val": _value(node),
        "stack": stack,
        "call": str(calls[-1]) if calls else "",
    }


def _argument(given: Any, prefix: str, aliases: Mapping[str, Any]) -> Any:
    """One argument as plain values: nodes, lists, dtypes and devices say what they are."""
    import torch

    if hasattr(given, "op") and hasattr(given, "users"):
        name = prefix + given.name
        return aliases.get(name, {"node": name})
    if isinstance(given, list | tuple):
        return [_argument(each, prefix, aliases) for each in given]
    if isinstance(given, Mapping):
        return [_argument(each, prefix, aliases) for each in given.values()]
    if isinstance(given, torch.dtype | torch.layout | torch.memory_format):
        return {"torch": str(given).removeprefix("torch.")}
    if isinstance(given, torch.device):
        return {"device": str(given)}
    if given is None or isinstance(given, bool | int | float | str):
        return given
    return {"other": str(given)}


def _flat(arguments: Any) -> Iterable[Any]:
    for each in arguments if isinstance(arguments, list) else [arguments]:
        yield from _flat(each) if isinstance(each, list) else [each]


def _value(node: Any) -> Any:
    """Shape and type of what a node gives; None for what is no tensor."""
    value = node.meta.get("val")
    if isinstance(value, list | tuple):
        return [_one_value(each) for each in value]
    return _one_value(value)


def _one_value(value: Any) -> dict[str, Any] | None:
    if not hasattr(value, "shape"):
        return None
    return {"shape": [int(n) for n in value.shape], "dtype": str(value.dtype)[6:]}


def save_tensors(tensors: Mapping[str, Any], path: Path) -> None:
    """Write them as safetensors, each on its own even where the model shares it."""
    import torch
    from safetensors.torch import save_file

    plain = {name: tensor.detach().to("cpu", copy=True).contiguous()
             for name, tensor in tensors.items() if isinstance(tensor, torch.Tensor)}  # fmt: skip
    save_file(plain, str(path))
