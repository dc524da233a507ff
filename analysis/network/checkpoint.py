"""Weights files as training scripts leave them, read without running anything that they hold.

The kind of file is told by its content: safetensors, or what `torch.save` writes. Names may have
a prefix (DataParallel, a compiled module, a Lightning module), and lie in dictionaries beside
other things. Which prefix it is, is found by what makes most names fit.
"""

from __future__ import annotations

import pickle
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from analysis.faults import Fault
from analysis.operators.contract import Shape
from analysis.storage.computed_tensors import ASIDE
from analysis.storage.cut_off import MAGIC, is_cut_off
from analysis.storage.regular_file import NotRegularError, open_regular
from analysis.storage.weights_report import WeightsReport

NEWEST_PROTOCOL = 3
"""The newest pickle protocol that the loader which runs no code can read."""
DEEPEST = 4
"""Dictionaries within one another that are looked into."""
_MEAN = "running_mean"
_COUNTED = "num_batches_tracked"
"""A buffer of batch normalisation that no evaluation reads."""


class WeightsError(Exception):
    """A file that gives no weights. `fault` is one of, each with the path:

    `weights-missing`, `not-a-file`, `weights-unreadable`, `weights-cut-off`, `weights-pickled` (a
    whole module, or objects that only their own code could make), `weights-torchscript`,
    `weights-old-tar`, `weights-plain-pickle` (of `pickle` itself, whatever it holds).
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.code}: {fault.numbers}")
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Entry:
    """One tensor of a checkpoint: its name, and the dictionaries that hold it, joined by dots."""

    where: str
    name: str
    tensor: Tensor

    @property
    def full(self) -> str:
        """The name with what it lies in."""
        return f"{self.where}.{self.name}" if self.where else self.name


class _Inert:
    """Stands for an object of a class that is not known here: takes everything, does nothing."""

    def __new__(cls, *_: object, **__: object) -> _Inert:
        return object.__new__(cls)

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __setstate__(self, _: object) -> None:
        pass


def read(path: str | Path) -> tuple[Entry, ...]:
    """Every tensor of a weights file, in its own type; no code of the file is run.

    Raises WeightsError.
    """
    name, head = str(path), b""
    try:
        with open_regular(path) as file:
            head = file.read(512)
        if head[8:9] == b"{" and int.from_bytes(head[:8], "little") < 1 << 40:
            from safetensors.torch import load_file

            held = load_file(path).items()
            return tuple(Entry("", key, t) for key, t in held if not key.startswith(ASIDE))
        pickled = _pickled(path, head)
        found = tuple(_entries(pickled))
        if not found and (isinstance(pickled, _Inert) or _holds_objects(pickled)):
            raise WeightsError(Fault("weights-pickled", (name,)))
    except FileNotFoundError as error:
        raise WeightsError(Fault("weights-missing", (name,))) from error
    except NotRegularError as error:
        raise WeightsError(Fault("not-a-file", (name,))) from error
    except WeightsError:
        raise
    except Exception as error:  # readers raise whatever damage makes them
        code = "weights-cut-off" if is_cut_off(Path(path), head, error) else "weights-unreadable"
        raise WeightsError(Fault(code, (name,))) from error
    if not found:
        raise WeightsError(Fault("weights-unreadable", (name,)))
    return found


def beside_tensors(path: str | Path, name: str) -> object:
    """What a checkpoint's dictionary has under a name; None where it has nothing.

    Objects of classes that are not known here are inert. Raises WeightsError.
    """
    try:
        with open_regular(path) as file:
            head = file.read(512)
        pickled = _pickled(path, head)
    except WeightsError:
        raise
    except Exception as error:  # readers raise whatever damage makes them
        raise WeightsError(Fault("weights-unreadable", (str(path),))) from error
    return pickled.get(name) if isinstance(pickled, Mapping) else None


def _pickled(path: str | Path, head: bytes) -> object:
    """What `torch.save` wrote. Raises WeightsError for what cannot be had without its code."""
    if head[257:262] == b"ustar":
        raise WeightsError(Fault("weights-old-tar", (str(path),)))
    if head[:2] == b"PK":
        with zipfile.ZipFile(path) as archive:
            if any(each.rpartition("/")[2] == "constants.pkl" for each in archive.namelist()):
                raise WeightsError(Fault("weights-torchscript", (str(path),)))
    try:
        return _loaded(path)
    except pickle.UnpicklingError as error:
        if head[:2] != b"PK" and head[:1] != b"\x80":
            raise
        if head[:2] != b"PK" and MAGIC not in head[:32]:
            raise WeightsError(Fault("weights-plain-pickle", (str(path),))) from error
        if (protocol := _protocol(path, head)) > NEWEST_PROTOCOL:
            raise WeightsError(Fault("weights-protocol", (str(path), protocol))) from error
        return _with_stand_ins(path, error)


def _protocol(path: str | Path, head: bytes) -> int:
    """The protocol of the pickle that `torch.save` wrote."""
    if head[:2] != b"PK":
        return head[1]
    with zipfile.ZipFile(path) as archive:
        name = next(each for each in archive.namelist() if each.rpartition("/")[2] == "data.pkl")
        with archive.open(name) as file:
            return file.read(2)[1]


def _loaded(path: str | Path) -> object:
    """What a file holds that needs no code; torch would warn of other pickle protocols."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        found: object = torch.load(path, map_location="cpu", weights_only=True)
    return found


def _with_stand_ins(path: str | Path, error: Exception) -> object:
    """Read past objects of other classes, such as the settings of a training script.

    The unpickler of `weights_only` is given an inert class for each of them.
    """
    try:
        names = torch.serialization.get_unsafe_globals_in_checkpoint(path)
        stand_ins: list[Any] = [_stand_in(*each.rpartition(".")[::2]) for each in names]
        with torch.serialization.safe_globals(stand_ins):
            return _loaded(path)
    except Exception as second:
        second.__context__ = error
        raise WeightsError(Fault("weights-pickled", (str(path),))) from second


def _stand_in(module: str, name: str) -> type:
    return type(name, (_Inert,), {"__module__": module, "__qualname__": name})


def _entries(found: object, where: str = "", depth: int = 0) -> Iterator[Entry]:
    if not isinstance(found, Mapping) or depth > DEEPEST:
        return
    for key, value in found.items():
        if isinstance(value, Tensor):
            if not value.is_sparse and not value.is_quantized:
                yield Entry(where, str(key), value.detach())
        else:
            yield from _entries(value, f"{where}.{key}" if where else str(key), depth + 1)


def _holds_objects(found: object) -> bool:
    return isinstance(found, Mapping) and any(isinstance(each, _Inert) for each in found.values())


# ---------------------------------------------------------------------------------- which fits


def fit(
    entries: tuple[Entry, ...], wanted: Mapping[str, Shape]
) -> tuple[dict[str, Tensor], WeightsReport]:
    """The tensors that a network wants (key → shape), and what became of all of them.

    One prefix is taken off the file's names, and one that all the network's names share may be
    missing there; those are chosen with which most tensors fit, the first in the file of equals.
    """
    taken, missing_prefix = _prefixes(entries, wanted)
    start = f"{taken}." if taken else ""
    found: dict[str, Tensor] = {}
    other: list[tuple[str, Shape, Shape]] = []
    used: set[str] = set()
    beside: set[str] = set()
    for entry in entries:
        if not entry.full.startswith(start):
            continue
        key = missing_prefix + entry.full[len(start) :]
        if key not in wanted or key in found:
            continue
        used.add(entry.full)
        beside.add(entry.where)
        shape = tuple(entry.tensor.shape)
        if shape == wanted[key]:
            found[key] = entry.tensor
        else:
            other.append((key, shape, wanted[key]))
    gone = {name for name, *_ in other} | set(found)
    taken_memory = set(map(_memory, found.values()))
    unexpected = tuple(
        entry.name
        for entry in entries
        if entry.where in beside
        and entry.full not in used
        and not entry.name.endswith(_COUNTED)
        and _memory(entry.tensor) not in taken_memory
    )
    report = WeightsReport(
        len(wanted),
        len(found),
        tuple(key for key in wanted if key not in gone),
        unexpected if used else tuple(entry.full for entry in entries),
        tuple(other),
        taken,
        _other_types(found),
        norms=_norms_of_none(unexpected, wanted),
    )
    return found, report


def _norms_of_none(unexpected: Sequence[str], wanted: Iterable[str]) -> int:
    """How many batch norms the file has, where the network has none."""
    if any(key.endswith(_MEAN) for key in wanted):
        return 0
    return sum(name.endswith(_MEAN) for name in unexpected)


def _memory(tensor: Tensor) -> tuple[int, int, Shape]:
    """The same for a tensor that a file holds under several names, as modules that share it do."""
    memory = tensor.untyped_storage().data_ptr()
    return memory, int(tensor.storage_offset()), tuple(tensor.shape)


def _other_types(found: Mapping[str, Tensor]) -> tuple[str, ...]:
    """The floating point types but float32, in order."""
    kinds = {tensor.dtype for tensor in found.values() if tensor.is_floating_point()}
    return tuple(sorted(str(kind).removeprefix("torch.") for kind in kinds - {torch.float32}))


def _prefixes(entries: tuple[Entry, ...], wanted: Mapping[str, Shape]) -> tuple[str, str]:
    """What to take off the file's names and what to put before them."""
    best, choice = (0, 0), ("", "")
    for missing in _shared(wanted):
        shapes = {key.removeprefix(missing): shape for key, shape in wanted.items()}
        votes: Counter[str] = Counter()
        fits: Counter[str] = Counter()
        for entry in entries:
            parts = entry.full.split(".")
            for at in range(len(parts)):
                shape = shapes.get(".".join(parts[at:]))
                if shape is not None:
                    prefix = ".".join(parts[:at])
                    votes[prefix] += 1
                    fits[prefix] += tuple(entry.tensor.shape) == shape
        for prefix, count in votes.items():
            if (fits[prefix], count) > best:
                best, choice = (fits[prefix], count), (prefix, missing)
    return choice


def _shared(wanted: Mapping[str, Shape]) -> Iterator[str]:
    """Nothing, and then each prefix that all these names have in common, with its last dot."""
    yield ""
    names = [key.split(".")[:-1] for key in wanted]
    for length in range(1, min(map(len, names), default=0) + 1):
        if len({tuple(name[:length]) for name in names}) > 1:
            return
        yield ".".join(names[0][:length]) + "."
