"""Says in sentences what is to be known of a model that was read: how far, and what was assumed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis.faults import Fault
from viewer.text.escaping import name_text
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import tr


def failed_remark(failed: Fault) -> str:
    """Why the forward failed, and that what came before is shown."""
    return f"{fault_sentence(failed)} {tr('What there is of it is shown.')}"


def assumed_remark(values: Sequence[tuple[str, str]], kept: bool) -> str:
    """Which values nobody gave, (name, value), and where they can be changed.

    `kept` says that they are part of the graph and cannot be changed any more.
    """
    told = ", ".join(f"{name_text(name)} = {value or '…'}" for name, value in values[:4])
    if kept:
        return tr(
            "The forward pass also takes {values}: found by trying, and kept as it is.",
            values=told,
        )
    return tr(
        "The forward pass also takes {values}: found by trying. This can be changed in Live.",
        values=told,
    )


def types_remark(types: Sequence[str]) -> str:
    """In which types weights are kept, and that they run in another one."""
    return tr(
        "The weights are kept in {types}; the network runs in float32.", types=", ".join(types)
    )


def norms_remark(norms: int) -> str:
    """That a file's batch norms have no place in the network, and why that is so."""
    return tr(
        "The file has {n} batch norms and the network none: exports to ONNX fold them into "
        "convolutions. The output is not the model's with these weights; open its code.",
        n=norms,
    )


def folded_remark(norms: int) -> str:
    """That an ONNX file's batch norms are part of its convolutions."""
    if norms == 1:
        return tr("The export has folded a batch norm into the convolution before it.")
    return tr("The export has folded {n} batch norms into the convolutions before them.", n=norms)


def remarks_of_message(message: object) -> str:
    """The sentences of what a notebook hands over with a model; what is of no use is left out.

    `{"failed": [CODE, [NUMBER, …]], "assumed": [[NAME, VALUE, KEPT], …]}`, each may be missing.
    """
    if not isinstance(message, dict):
        return ""
    said = []
    match message.get("failed"):
        case [str(code), list(numbers)]:
            said.append(failed_remark(Fault(code, tuple(map(_plain, numbers)))))
    assumed = message.get("assumed")
    if isinstance(assumed, list) and (values := [*_values(assumed)]):
        told = [(name, value) for name, value, _ in values]
        said.append(assumed_remark(told, all(kept for *_, kept in values)))
    return " ".join(said)


def _values(assumed: Iterable[object]) -> Iterable[tuple[str, str, bool]]:
    for each in assumed:
        match each:
            case [str(name), str(value), bool(kept)]:
                yield name, value, kept


def _plain(number: object) -> str | int | float | tuple[int, ...]:
    """A number of a fault as it was before it became JSON."""
    match number:
        case str() | int() | float():
            return number
        case [*items]:
            return tuple(each for each in items if isinstance(each, int))
        case _:
            return str(number)
