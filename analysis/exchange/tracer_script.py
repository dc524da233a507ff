"""Runs a person's model file and writes the graph that `torch.export` records of it.

A program of its own, started by its path in a process that is thrown away: the file's code can
do here what it likes, and neither the window nor the analysis is loaded. Usage: this script and
the path of a request (JSON); the answer goes beside it as `answer.json` and `tensors.safetensors`.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

BUILDERS = (
    "build", "build_model", "model", "main_model", "make_model", "create_model", "get_model", "net",
)  # fmt: skip
"""Functions without arguments that are taken to make a model, unless an annotation says so."""
SIDE = {1: 256, 2: 256, 3: 64}
"""Length of each axis of the first example input, by the number of axes."""
OTHER_SIZES = ((3, 256, 256), (1, 256, 256), (3, 224, 224), (3, 32, 32), (1, 28, 28))
"""Tried in this order where the first one does not go through."""

FULL = ("allocate memory", "bad_alloc", "bad alloc", "out of memory", "unable to allocate")
"""What allocators say when memory has run out."""


class Refused(Exception):  # noqa: N818 - it becomes a fault
    """Why there is no model: a code of `analysis.faults`, its numbers after the file, choices."""

    def __init__(self, code: str, *numbers: Any, choices: Iterable[str] = ()) -> None:
        super().__init__(code)
        self.answer = {"code": code, "numbers": list(numbers), "choices": list(choices)}


def last_line(error: BaseException) -> str:
    """What went wrong, as the last line of a traceback says it, shortened."""
    kind = type(error).__name__
    if isinstance(error, SyntaxError):
        return f"{kind}: {error.msg} (line {error.lineno})"
    lines = str(error).strip().splitlines()
    return f"{kind}: {lines[0].strip()}"[:240] if lines else kind


# ----------------------------------------------------------------------- the file as a module


def load(request: Mapping[str, Any]) -> Any:
    """Import the file (as part of its package, if it has one) or the named module."""
    if request["module"] is not None:
        sys.path.insert(0, str(Path.cwd()))
        return _running(lambda: importlib.import_module(request["module"]))
    path = Path(request["file"])
    root, parts = path.parent, [path.stem]
    while (root / "__init__.py").is_file():
        parts.insert(0, root.name)
        root = root.parent
    sys.path.insert(0, str(root))
    if len(parts) > 1:
        return _running(lambda: importlib.import_module(".".join(parts)))
    name = path.stem if path.stem.isidentifier() and path.stem not in sys.modules else "opened_file"
    specification = importlib.util.spec_from_file_location(name, path)
    if specification is None or specification.loader is None:
        raise Refused("model-none")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    loader = specification.loader
    _running(lambda: loader.exec_module(module))
    return module


def _running(action: Callable[[], Any]) -> Any:
    """Let the person's code run; whatever it raises is what we answer."""
    try:
        return action()
    except BaseException as error:
        if is_full(error):
            raise MemoryError from error
        raise Refused("model-raised", last_line(error)) from error


def is_full(error: BaseException | None) -> bool:
    """Whether memory has run out: allocators in C++ say so in a RuntimeError of their own."""
    while error is not None:
        text = str(error).lower()
        if isinstance(error, MemoryError) or (
            isinstance(error, RuntimeError | OSError) and any(each in text for each in FULL)
        ):
            return True
        error = error.__cause__
    return False


# ------------------------------------------------------------------------- which model is it


def needs_nothing(function: Any) -> bool:
    """Whether it can be called without arguments."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False
    return all(p.default is not p.empty or p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
               for p in parameters)  # fmt: skip


def named(module: Any, name: str, modules: type) -> Any:
    """The model that `name` (may be dotted) is, or gives when it is called."""
    found = module
    for part in name.split("."):
        if not hasattr(found, part):
            raise Refused("model-unknown-name", name, ", ".join(_known(module)) or "–")
        found = getattr(found, part)
    if isinstance(found, modules):
        return found
    if not callable(found):
        raise Refused("model-no-module", name)
    if not needs_nothing(found):
        try:
            inspect.signature(found).bind()
        except TypeError as error:
            raise Refused("model-needs-arguments", name, last_line(error)) from error
    made = _running(found)
    if not isinstance(made, modules):
        raise Refused("model-no-module", name)
    return made


def _known(module: Any) -> list[str]:
    """What the file itself defines and one might have meant."""
    return [key for key, value in vars(module).items()
            if not key.startswith("_") and callable(value)
            and getattr(value, "__module__", None) == module.__name__][:12]  # fmt: skip


def candidates(module: Any, modules: type) -> dict[str, Any]:
    """Name → model of everything in the file that makes one without being told anything."""
    found: dict[str, Any] = {}
    failed: list[tuple[str, Refused]] = []
    wanting: str | None = None
    for name, value in list(vars(module).items()):
        if name.startswith("_"):
            continue
        if isinstance(value, modules):
            found[name] = value
            continue
        if getattr(value, "__module__", None) != module.__name__:
            continue
        is_class = inspect.isclass(value) and issubclass(value, modules)
        if is_class and not needs_nothing(value):
            wanting = name
        elif is_class or (inspect.isfunction(value) and _builds(name, value, modules)):
            try:
                made = _running(value)
            except Refused as error:
                failed.append((name, error))
                continue
            if isinstance(made, modules):
                found[name] = made
    if not found and failed:
        raise failed[-1][1]
    if not found and wanting is not None:
        try:
            inspect.signature(getattr(module, wanting)).bind()
        except TypeError as error:
            raise Refused("model-needs-arguments", wanting, last_line(error)) from error
    return found


def _builds(name: str, function: Any, modules: type) -> bool:
    if not needs_nothing(function):
        return False
    answer = function.__annotations__.get("return")
    if inspect.isclass(answer):
        return issubclass(answer, modules)
    return name in BUILDERS or (isinstance(answer, str) and answer.endswith("Module"))


def only(found: dict[str, Any]) -> tuple[str, Any]:
    """The one model that is meant; parts of others, losses and activations are not."""
    ways = (_outermost, _of_one_input, _with_parameters)
    for way in ways:
        kept = {name: model for name, model in found.items() if way(name, model, found)}
        found = kept or found
    if not found:
        raise Refused("model-none")
    if len(found) > 1:
        raise Refused("model-several", ", ".join(found), choices=found)
    return next(iter(found.items()))


def _outermost(name: str, model: Any, found: Mapping[str, Any]) -> bool:
    """Whether no other candidate holds such a module; a class goes when a function makes it."""
    kind = type(model)
    for other, beside in found.items():
        inside = {type(part) for part in beside.modules()} - {type(beside)}
        made_by_other = kind is type(beside) and name == kind.__name__ and other != name
        if other != name and (kind in inside or made_by_other):
            return False
    return True


def _of_one_input(name: str, model: Any, found: Mapping[str, Any]) -> bool:
    return needed_inputs(model) == 1


def _with_parameters(name: str, model: Any, found: Mapping[str, Any]) -> bool:
    return any(True for _ in model.parameters())


def needed_inputs(model: Any) -> int:
    """How many arguments `forward` cannot do without."""
    try:
        parameters = inspect.signature(model.forward).parameters.values()
    except (TypeError, ValueError):
        return 1
    fixed = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    least = sum(p.default is p.empty for p in fixed)
    return max(1, least) if fixed or any(p.kind is p.VAR_POSITIONAL for p in parameters) else 0


# ------------------------------------------------------------------------------- the export


def export(model: Any, size: list[int] | None) -> tuple[Any, tuple[int, ...]]:
    """(exported program, input shape without batch). Raises Refused."""
    import torch

    if needed_inputs(model) != 1:
        raise Refused("model-inputs", needed_inputs(model))
    first: BaseException | None = None
    shapes = [tuple(size)] if size is not None else list(_example_shapes(model))
    for shape in shapes:
        example = torch.zeros(1, *shape)
        try:
            with torch.no_grad():
                return torch.export.export(model, (example,), strict=False), shape
        except Exception as error:
            if is_full(error):
                raise MemoryError from error
            first = first or error
    assert first is not None
    text = last_line(first)
    if size is not None:
        raise Refused("model-size-refused", " × ".join(map(str, size)), text) from first
    raise Refused("model-export-failed", text) from first


def _example_shapes(model: Any) -> list[tuple[int, ...]]:
    """The first convolution's channels first, then what images usually are."""
    from torch import nn

    shapes: list[tuple[int, ...]] = []
    convolutions = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
    for part in model.modules():
        if isinstance(part, convolutions):
            axes = convolutions.index(type(part)) + 1 if type(part) in convolutions else 2
            shapes.append((part.in_channels, *(SIDE[axes],) * axes))
            break
        if isinstance(part, nn.Linear):
            shapes.append((part.in_features,))
            break
    return list(dict.fromkeys([*shapes, *OTHER_SIZES]))


# ------------------------------------------------------------------------ what is written down


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


# ------------------------------------------------------------------------------------ the run


def limit_memory(megabytes: int) -> None:
    """Bound what may be taken beyond what torch itself has mapped; Linux only."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + (megabytes << 20)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or most <= hard:
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def watch(parent: int, seconds: float) -> None:
    """End this process when its parent has ended, or long after its time limit."""
    end = time.monotonic() + seconds + 10
    while os.getppid() == parent and time.monotonic() < end:
        time.sleep(0.5)
    os._exit(1)


def trace(request: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Load, export and describe the requested model; the answer to write."""
    import torch

    limit_memory(request["megabytes"])
    torch.manual_seed(request["seed"])
    module = load(request)
    if request["name"] is not None:
        name, model = request["name"], named(module, request["name"], torch.nn.Module)
    else:
        name, model = only(candidates(module, torch.nn.Module))
    torch.manual_seed(request["seed"])
    model = model.to("cpu").float().eval()
    program, shape = export(model, request["size"])
    nodes, outputs, tensors = describe(program)
    save_tensors(tensors, folder / "tensors.safetensors")
    return {
        "name": type(model).__name__ if name.islower() else name.rpartition(".")[2],
        "shape": list(shape),
        "nodes": nodes,
        "outputs": outputs,
    }


def main(request_path: str) -> None:
    """Read the request, write the answer under its final name in one step, end at once."""
    place = Path(request_path)
    request = json.loads(place.read_text(encoding="utf-8"))
    guard = (os.getppid(), request["seconds"])
    threading.Thread(target=watch, args=guard, daemon=True).start()
    try:
        answer = trace(request, place.parent)
    except Refused as refusal:
        answer = refusal.answer
    except MemoryError:
        answer = {"code": "model-too-large", "numbers": [request["megabytes"]], "choices": []}
    except Exception as error:  # noqa: BLE001 - the one place where all of them end
        code, number = ("model-too-large", request["megabytes"]) if is_full(error) else (
            "model-export-failed", last_line(error))  # fmt: skip
        answer = {"code": code, "numbers": [number], "choices": []}
    temporary = place.parent / "answer.part"
    temporary.write_text(json.dumps(answer), encoding="utf-8")
    temporary.replace(place.parent / "answer.json")
    os._exit(0)  # threads the file may have started are not waited for


if __name__ == "__main__":
    here = str(Path(__file__).parent)  # our neighbours are not the person's modules
    sys.path[:] = [folder for folder in sys.path if folder != here]
    main(sys.argv[1])
