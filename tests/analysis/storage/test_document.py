"""Documents: there and back again, and what is said of files that are none."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.faults import FAULTS
from analysis.storage import document as document_module
from analysis.storage.blobs import BlobRef
from analysis.storage.document import MOST_POSITION, Document, DocumentError, from_json, to_json
from analysis.storage.migrations.table import newest
from tests.analysis.blueprints.test_blueprints import build, texts

names = st.text(max_size=12)
numbers = st.floats(allow_nan=False, allow_infinity=False)
places = st.floats(-MOST_POSITION, MOST_POSITION)


@st.composite
def documents(draw):
    text = draw(texts())
    return Document(
        graph=build(text),
        blueprint=draw(st.none() | st.just(("unet", {"depth": 3, "norm": "batch"}))),
        positions=draw(st.dictionaries(names, st.tuples(places, places), max_size=3)),
        gates=draw(st.dictionaries(names, st.floats(0, 2), max_size=3)),
        weights=draw(st.none() | st.just(BlobRef("a" * 64, "w.safetensors"))),
        image=draw(st.none() | st.builds(BlobRef, st.just("0" * 64), names)),
        off=draw(st.sampled_from(["zero", "mean", "noise"])),
        title=draw(names),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents(), st.dictionaries(names, st.none() | st.booleans() | numbers | names))
def test_there_and_back_again(saved, view):
    opened, seen = from_json(to_json(saved, view))
    assert opened == saved
    assert seen == view


def test_the_file_lists_operators_with_their_group():
    content = json.loads(to_json(Document(graph=build("unet:depth=1,base=2"))))
    first = next(o for o in content["operators"] if o["id"] == "enc1.conv1")
    assert content["fieldglass"] == newest()
    assert first["operator"] == "conv"
    assert first["group"] == "enc1"
    assert first["inputs"] == ["input"]


def broken(change):
    content = json.loads(to_json(Document(graph=build("unet:depth=1,base=2"))))
    change(content)
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-json"),
        (b"\xff\xfe\x00", "not-json"),
        (b"[" * 100_000, "not-json"),
        (b"[]", "not-a-document"),
        (b"{}", "not-a-document"),
        (b'{"fieldglass": true}', "not-a-document"),
        (b'{"fieldglass": 1}', "bad-value"),
        (json.dumps({"fieldglass": newest() + 1}).encode(), "newer-version"),
        (broken(lambda c: c["operators"][1].update(operator="magic")), "unknown-operator"),
        (broken(lambda c: c["operators"][1]["settings"].update(kernel="x")), "bad-setting"),
        (broken(lambda c: c["operators"][1].update(inputs=["output"])), "cycle"),
        (broken(lambda c: c["operators"][1].update(inputs=["nobody"])), "missing-node"),
        (broken(lambda c: c["operators"].append(c["operators"][0])), "duplicate-node"),
        (broken(lambda c: c.update(gates={"skip1": 3})), "bad-value"),
        (broken(lambda c: c.update(positions={"enc1": [1]})), "bad-value"),
        (broken(lambda c: c.update(positions={"enc1": [0, 1e7]})), "bad-value"),
        (broken(lambda c: c.update(positions={"enc1": [-1e12, 0]})), "bad-value"),
        (broken(lambda c: c.update(positions={"enc1": [1e308, 1e308]})), "bad-value"),
        (broken(lambda c: c.update(off="never")), "bad-value"),
        (broken(lambda c: c.update(weights={"hash": "../../etc/passwd"})), "bad-value"),
    ],
)
def test_what_is_no_document_is_said(content, code):
    with pytest.raises(DocumentError) as caught:
        from_json(content)
    assert caught.value.code == code
    assert len(caught.value.numbers) == len(FAULTS[code])


def test_two_threads_never_read_the_types_of_a_document_at_once(monkeypatch):
    """A file given at the start and the one to recover are read side by side."""
    held = []
    convert = document_module.msgspec.convert

    def watched(*given):
        held.append(document_module._FIRST_USE.locked())
        return convert(*given)

    monkeypatch.setattr(document_module.msgspec, "convert", watched)
    from_json(to_json(Document()))
    assert held == [True]


def test_every_truncation_is_refused():
    content = to_json(Document(graph=build("unet:depth=1,base=2,convs=1")), {"zoom": 1})
    for length in range(0, len(content.rstrip()), 7):
        with pytest.raises(DocumentError):
            from_json(content[:length])


def test_settings_nested_too_deeply_are_refused():
    deep = b"[" * 900 + b"]" * 900
    content = (
        b'{"fieldglass": 1, "operators": [{"id": "a", "operator": "opaque",'
        b' "settings": {"template": ' + deep + b"}}]}"
    )
    with pytest.raises(DocumentError) as caught:
        from_json(content)
    assert caught.value.code in ("bad-value", "not-json")


@pytest.mark.parametrize("name", ["", "  "])
def test_a_node_without_a_name_is_refused(name):
    nodes = [{"id": name, "operator": "input", "settings": {"channels": 1, "size": [8]}}]
    with pytest.raises(DocumentError) as found:
        from_json(json.dumps({"fieldglass": 1, "operators": nodes}).encode())
    assert (found.value.code, found.value.numbers) == ("bad-value", ("id",))
