"""Networks in torch's own archives: exported programs (.pt2) and TorchScript (.pt)."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from keyword import iskeyword
from pathlib import Path
from typing import Any
from zipfile import is_zipfile

from .exporting.same_calls import is_free_of_sizes
from .limits import is_full
from .refusal import Refused, last_line

PROGRAM, SCRIPTS = ".pt2", (".pt", ".pth", ".torchscript", ".ts", ".ckpt", ".bin", ".tar")


def load_archive(path: Path) -> tuple[Any, Mapping[str, str]]:
    """The module of an archive, and of a program the class of each module by its path.

    Loading runs what the file holds. Raises Refused, MemoryError.
    """
    import torch

    try:
        if path.suffix.lower() == PROGRAM:
            return _of_program(torch.export.load(path))
        scripted = torch.jit.load(str(path), map_location="cpu")  # type: ignore[no-untyped-call]
        return scripted, {}
    except Exception as error:
        if is_full(error):
            raise MemoryError from error
        if not is_zipfile(path):
            raise Refused("model-archive-cut") from error
        raise Refused("model-archive-damaged", last_line(error)) from error


def _of_program(program: Any) -> tuple[Any, Mapping[str, str]]:
    """The program as modules in modules again, so that it can be recorded at another size."""
    import torch

    classes: dict[str, str] = {}
    for node in program.graph.nodes:
        for path, kind in (node.meta.get("nn_module_stack") or {}).values():
            classes[str(path)] = str(kind)
    _drop_types(program.graph_module)
    model: Any = torch.export.unflatten(program)
    values = {
        node.name: node.meta["val"] for node in program.graph.nodes if node.op == "placeholder"
    }
    names = [str(each) for each in program.graph_signature.user_inputs]
    given = [values[name] for name in names if hasattr(values.get(name), "shape")]
    pictures = [each.shape for each in given if each.is_floating_point()]
    if pictures:
        model.example_shapes = [tuple(_length(n) for n in pictures[0][1:])]
    if all(map(is_free_of_sizes, program.graph.nodes)):
        model.check_input_constraints = False  # a guard of one size, of which nothing was made
    model.forward = _named(model.forward, names)
    return model, classes


def _drop_types(module: Any) -> None:
    """Take out the calls that insist on the types of the export: here all floats are float32."""
    for part in module.modules():
        graph = getattr(part, "graph", None)
        if graph is None:
            continue
        for node in list(graph.nodes):
            if "_assert_tensor_metadata" in str(node.target):
                graph.erase_node(node)


def _length(given: Any) -> int:
    """The length of an axis; of an open one that of the example. `int()` would fix it for good."""
    return int(given.node.hint if hasattr(given, "node") else given)


def _named(inner: Callable[..., Any], names: Sequence[str]) -> Callable[..., Any]:
    """A forward whose arguments are called so."""

    def forward(*given: Any) -> Any:
        return inner(*given)

    kind = inspect.Parameter.POSITIONAL_ONLY
    called = (f"{name}_" if iskeyword(name) else name for name in names)
    parameters = [inspect.Parameter(name, kind) for name in called]
    forward.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return forward


def put_classes(nodes: Iterable[dict[str, Any]], classes: Mapping[str, str]) -> None:
    """Give each recorded call the class that its module had before the program was exported."""
    for entry in nodes:
        if entry["op"] == "call":
            entry["stack"] = [(path, classes.get(path.partition("@")[0], kind))
                              for path, kind in entry["stack"]]  # fmt: skip
