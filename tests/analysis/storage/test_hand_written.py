"""Documents written by hand: any value anywhere is opened, or refused in a fault."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.faults import FAULTS, Fault
from analysis.storage.blobs import BlobStore
from analysis.storage.document import Document, DocumentError, from_json, to_json
from analysis.storage.document_file import load
from tests.analysis.blueprints.test_blueprints import build

SOURCE = to_json(
    Document(
        graph=BLUEPRINTS["unet"].build({"depth": 1, "base": 2, "convs": 1, "size": 8}),
        blueprint=("unet", {"depth": 1}),
        positions={"enc1": (3.0, 4.0)},
        gates={"skip1": 0.5},
        title="by hand",
    ),
    {"zoom": 1.0, "pin": ["enc1.conv1", 1, 2], "expanded": ["enc1"]},
)
ODD = st.sampled_from(
    [
        *(None, True, False, 0, -1, -0.0, 10**30, 2**31, 2**63, 1e308, -1e-300, "", "\x00"),
        *("\ud800", "conv", "input", "x" * 10_000, [], {}, [[]], [None], {"": None}, [0] * 500),
    ]
)
ANY = ODD | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where in the JSON something stands."""
    found = [at] if at else []
    listed = enumerate(value) if isinstance(value, list) else ()
    for key, each in value.items() if isinstance(value, dict) else listed:
        found += paths(each, (*at, key))
    return found


PATHS = paths(json.loads(SOURCE))


def changed(place: tuple[Any, ...], value: Any, how: str) -> bytes:
    content = json.loads(SOURCE)
    holder = content
    for key in place[:-1]:
        holder = holder[key]
    if how == "removed":
        del holder[place[-1]]
    elif how == "added" and isinstance(holder, dict):
        holder["unheard of"] = value
    else:
        holder[place[-1]] = value
    return json.dumps(content).encode()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PATHS), ANY, st.sampled_from(["replaced", "replaced", "removed", "added"]))
def test_any_value_anywhere_opens_or_is_refused(place, value, how):
    try:
        document, _ = from_json(changed(place, value, how))
    except DocumentError as refused:
        fault = refused.fault
    else:
        fault = None
    if fault is not None:
        assert len(fault.numbers) == len(FAULTS[fault.code])
        return
    facts = analyse(document.graph)
    assert set(facts.layers) == {node.id for node in document.graph.nodes}
    assert from_json(to_json(document))[0] == document


@pytest.mark.parametrize("shape", ["chain", "star", "names"])
def test_a_hundred_thousand_operators_open_or_are_refused(shape):
    count = 100_000
    ids = [f"n{i}" for i in range(count)] if shape != "names" else ["n"] * count
    operators: list[dict[str, Any]] = [
        {"id": "in", "operator": "input", "settings": {"channels": 1, "size": [8, 8]}}
    ]
    for i, name in enumerate(ids):
        source = ids[i - 1] if shape == "chain" and i else "in"
        operators.append({"id": name, "operator": "relu", "inputs": [source]})
    content = json.dumps({"fieldglass": 1, "operators": operators}).encode()
    if shape == "names":
        with pytest.raises(DocumentError) as refused:
            from_json(content)
        assert refused.value.code == "duplicate-node"
        return
    document, _ = from_json(content)
    assert len(document.graph) == count + 1


def test_keys_that_mean_nothing_are_named_once_and_are_no_reason_to_refuse(tmp_path):
    plain = json.loads(to_json(Document(graph=build("unet:depth=1,base=2"))))
    store, path = BlobStore(tmp_path / "blobs"), tmp_path / "net.fieldglass"
    path.write_text(json.dumps(plain))
    assert load(path, store).unknown is None
    plain["author"] = "somebody"
    for entry in plain["operators"]:
        entry["note"] = "by hand"
    path.write_text(json.dumps(plain))
    opened = load(path, store)
    assert opened.unknown == Fault("unknown-keys", ("author, note",))
    assert opened.document.graph == build("unet:depth=1,base=2")
    plain |= {f"key{n}": n for n in range(50)} | {"x" * 500: 1}
    path.write_text(json.dumps(plain))
    (named,) = load(path, store).unknown.numbers
    assert named == "author, key0, key1, key2, key3, …"
