"""An exported program as plain values: its calls in order, and its tensors by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from .constants import Constants, written
from .cut_paths import told
from .reads.copied_rows import rows_read
from .reads.sampled_rows import rows_sampled
from .weight_products import as_linear_layers


def describe(
    program: Any, learned_unknown: bool = False
) -> tuple[list[dict[str, Any]], list[Any], dict[str, Any]]:
    """(nodes in order, the outputs' arguments, tensors by placeholder name).

    `learned_unknown` says that nobody knows which tensors were learned, as in an ONNX file.
    """
    as_linear_layers(program)
    tensors = Constants()
    nodes: list[dict[str, Any]] = []
    held = {**program.constants, **program.state_dict}
    names: dict[int, list[str]] = {}
    for name, tensor in program.state_dict.items():
        names.setdefault(id(tensor), []).append(name)
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
                              "names": names.get(id(held[spec.target]), []),
                              "trained": trained, "val": _value(node)})  # fmt: skip
    outputs = _describe_calls(program.graph_module, "", aliases, nodes, tensors)
    tensors.mark_same(nodes)
    tensors.put_recipes(nodes)
    for node in nodes:
        if node["op"] == "tensor":
            name, trained = node["name"], node["trained"]
            learned = trained and name not in tensors.sources and not learned_unknown
            node["cuts"] = {} if learned else told(tensors.tensors[name], trained)
    return _with_places(nodes, tensors), outputs, tensors.tensors


def all_nodes(answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The nodes of an answer, and those of the sizes that were described beside it."""
    for each in (answer, *answer["tried"]):
        yield from each.get("nodes", ())


def _with_places(nodes: list[dict[str, Any]], tensors: Constants) -> list[dict[str, Any]]:
    """The nodes, and before each that looks numbers up in a parameter a tensor of their places."""
    found = []
    for node in nodes:
        copy = tensors.copies.of(node["name"]) if node["op"] == "tensor" else None
        if copy is not None:
            node["copies"] = {"of": copy.of, "distinct": copy.distinct}
            if copy.distinct < copy.places.numel():
                name = node["copies"]["places"] = f"{node['name']}.places"
                tensors.tensors[name] = places = copy.places.long().contiguous()
                found.append({"op": "tensor", "name": name, "target": f"{node['target']}_places",
                              "trained": False, "val": _one_value(places)})  # fmt: skip
        found.append(node)
    return found


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
        if str(node.target) == "aten.type_as.default":
            _cast(node)
        _without_like(node)
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
            same = None if written(node) else tensors.take_itself(name)
            if same is not None:
                aliases[name] = {"node": same}
            elif name in tensors.tensors:
                nodes.append(_constant(node, name, tensors))
        elif node.op == "call_function":
            nodes.append(_call(node, name, prefix, aliases))
            told = _reads(node, prefix, aliases, tensors)
            nodes[-1] |= {"reads": told} if told is not None else {}
    return outputs


def _cast(node: Any) -> None:
    """Make a call that reads of its second tensor the type alone a cast to that type."""
    import torch

    node.target = torch.ops.aten.to.dtype
    node.args = (node.args[0], node.meta["val"].dtype)


_FILLED = {"aten.new_zeros.default": 0, "aten.new_ones.default": 1, "aten.new_full.default": None}


def _without_like(node: Any) -> None:
    """Make a call that reads of a tensor the type alone one that reads no tensor."""
    import torch

    name = str(node.target)
    if name not in _FILLED or not all(isinstance(each, int) for each in node.args[1]):
        return
    value = node.args[2] if _FILLED[name] is None else _FILLED[name]
    of = node.meta["val"]
    node.target = torch.ops.aten.full.default
    node.args = (node.args[1], value)
    node.kwargs = {"dtype": of.dtype, "device": of.device}


def _is_computed(
    node: Any, name: str, prefix: str, aliases: Mapping[str, Any], tensors: Constants
) -> bool:
    """Compute a call that no input reaches, as a weight norm's or a mask's; whether it was one."""
    from torch.fx.node import map_arg

    def known(source: Any) -> str:
        return _known(source, prefix, aliases)

    sources = [known(each) for each in node.all_input_nodes]
    if not tensors.computes(node.target, sources, [known(each) for each in written(node)]):
        if _value(node) is not None:
            tensors.read(sources)
        return False
    given = (node.args, node.kwargs)
    args, kwargs = map_arg(given, lambda each: tensors.held(known(each)))
    if not tensors.compute(name, node.target, args, kwargs, sources):
        return False

    call = {"target": str(node.target), "args": _argument(node.args, prefix, aliases),
            "kwargs": {key: _argument(each, prefix, aliases) for key, each in node.kwargs.items()},
            }  # fmt: skip
    tensors.recipe(name, call, [known(each) for each in written(node)])

    def places() -> Any:
        return map_arg(given, lambda each: tensors.place(known(each)))

    tensors.copies.follow(name, node.target, places, sources)
    return True


def _reads(
    node: Any, prefix: str, aliases: Mapping[str, Any], tensors: Constants
) -> dict[str, Any] | None:
    """Which rows a call reads, where that can be found by trying it."""

    def constant(source: Any) -> Any:
        return tensors.value(_known(source, prefix, aliases))

    told = rows_read(node, constant)
    return told if told is not None else rows_sampled(node, constant)


def _known(source: Any, prefix: str, aliases: Mapping[str, Any]) -> str:
    """What the tensor of a node is called where it was made."""
    found = aliases.get(prefix + source.name)
    return str(found["node"]) if isinstance(found, dict) else prefix + source.name


def _constant(node: Any, name: str, tensors: Constants) -> dict[str, Any]:
    return {"op": "tensor", "name": name, "target": node.name,
            "trained": name in tensors.trained, "of": tensors.sources.get(name, []),
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
    """Write them as safetensors, each on its own even where the model shares it.

    Only what shares memory, or does not fill it, is copied: weights are most of what there is.
    """
    import torch
    from safetensors.torch import save_file

    seen: set[int] = set()
    plain: dict[str, Any] = {}
    for name, tensor in tensors.items():
        if not isinstance(tensor, torch.Tensor):
            continue
        own = tensor.detach().cpu()
        memory = own.untyped_storage()
        alone = memory.data_ptr() not in seen and memory.nbytes() == own.numel() * own.itemsize
        seen.add(memory.data_ptr())
        whole = alone and own.is_contiguous() and not own.is_conj() and not own.is_neg()
        plain[name] = own if whole else own.clone(memory_format=torch.contiguous_format)
    save_file(plain, str(path))


def parameters(model: Any) -> list[tuple[list[str], int]]:
    """Every parameter of a model once: all its names, and how many numbers it has."""
    names: dict[int, list[str]] = {}
    counts: dict[int, int] = {}
    for name, tensor in model.named_parameters(remove_duplicate=False):
        names.setdefault(id(tensor), []).append(name)
        counts[id(tensor)] = int(tensor.numel())
    return [(names[each], counts[each]) for each in names]
