"""An exported program as plain values: its calls in order, and its tensors by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def describe(program: Any) -> tuple[list[dict[str, Any]], list[Any], dict[str, Any]]:
    """(nodes in order, the outputs' arguments, tensors by placeholder name)."""
    tensors: dict[str, Any] = {}
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
                tensors[node.name] = held[spec.target]
                trained = spec.kind.name == "PARAMETER"
                nodes.append({"op": "tensor", "name": node.name, "target": spec.target,
                              "trained": trained, "val": _value(node)})  # fmt: skip
    outputs = _describe_calls(program.graph_module, "", aliases, nodes, tensors)
    return nodes, outputs, tensors


def _describe_calls(
    module: Any,
    prefix: str,
    aliases: dict[str, Any],
    nodes: list[dict[str, Any]],
    tensors: dict[str, Any],
) -> list[Any]:
    """Append the calls of one graph; those of a graph inside (no_grad, autocast) in its place."""
    outputs: list[Any] = []
    for node in module.graph.nodes:
        name = prefix + node.name
        if node.op == "output":
            outputs = list(_flat(_argument(node.args[0], prefix, aliases)))
        elif node.op == "get_attr" and not hasattr(getattr(module, node.target), "graph"):
            tensors[name] = getattr(module, node.target)
            trained = bool(getattr(tensors[name], "requires_grad", False))
            nodes.append({"op": "tensor", "name": name, "target": node.target,
                          "trained": trained, "val": _value(node)})  # fmt: skip
        elif node.op == "call_function" and "wrap_with" in str(node.target):
            at = next(i for i, a in enumerate(node.args) if getattr(a, "op", "") == "get_attr")
            inner = getattr(module, node.args[at].target)
            places = [each for each in inner.graph.nodes if each.op == "placeholder"]
            for place, given in zip(places, node.args[at + 1 :], strict=True):
                aliases[f"{name}/{place.name}"] = _argument(given, prefix, aliases)
            aliases[name] = _describe_calls(inner, f"{name}/", aliases, nodes, tensors)
        elif node.op == "call_function" and _of_weights_alone(node, prefix, tensors):
            value = node.target(*_held(node.args, prefix, tensors),
                                **_held(node.kwargs, prefix, tensors))  # fmt: skip
            tensors[name] = value
            nodes.append({"op": "tensor", "name": name, "target": node.name,
                          "val": _one_value(value)})  # fmt: skip
        elif node.op == "call_function" and "getitem" in str(node.target):
            source, index = prefix + node.args[0].name, node.args[1]
            if source in aliases:
                aliases[name] = aliases[source][index]
            else:
                nodes.append({"op": "item", "name": name, "index": index, "val": _value(node),
                              "of": _argument(node.args[0], prefix, aliases)})  # fmt: skip
        elif node.op == "call_function":
            nodes.append(_call(node, name, prefix, aliases))
    return outputs


def _of_weights_alone(node: Any, prefix: str, tensors: Mapping[str, Any]) -> bool:
    """Whether a call computes a weight from weights, as weight and spectral norm do."""
    schema = getattr(node.target, "_schema", None)
    one = schema is not None and not schema.is_mutable and not isinstance(_value(node), list)
    sources = node.all_input_nodes
    return one and bool(sources) and all(prefix + source.name in tensors for source in sources)


def _held(arguments: Any, prefix: str, tensors: Mapping[str, Any]) -> Any:
    """Arguments with the tensors themselves in place of their nodes."""
    from torch.fx.node import map_arg

    return map_arg(arguments, lambda source: tensors[prefix + source.name].detach())


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
