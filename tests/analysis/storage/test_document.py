"""Documents: there and back again, and what is said of files that are none."""

import errno
import json
import os
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.faults import FAULTS
from analysis.storage import atomic_file, document
from analysis.storage.blobs import BlobRef, BlobStore
from analysis.storage.document import Document, DocumentError, from_json, load, save, to_json
from tests.analysis.blueprints.test_blueprints import build, texts

names = st.text(max_size=12)
numbers = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def documents(draw):
    text = draw(texts())
    return Document(
        graph=build(text),
        blueprint=draw(st.none() | st.just(("unet", {"depth": 3, "norm": "batch"}))),
        positions=draw(st.dictionaries(names, st.tuples(numbers, numbers), max_size=3)),
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
    assert content["fieldglass"] == 1
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
        (b'{"fieldglass": 2}', "newer-version"),
        (broken(lambda c: c["operators"][1].update(operator="magic")), "unknown-operator"),
        (broken(lambda c: c["operators"][1]["settings"].update(kernel="x")), "bad-setting"),
        (broken(lambda c: c["operators"][1].update(inputs=["output"])), "cycle"),
        (broken(lambda c: c["operators"][1].update(inputs=["nobody"])), "missing-node"),
        (broken(lambda c: c["operators"].append(c["operators"][0])), "duplicate-node"),
        (broken(lambda c: c.update(gates={"skip1": 3})), "bad-value"),
        (broken(lambda c: c.update(positions={"enc1": [1]})), "bad-value"),
        (broken(lambda c: c.update(off="never")), "bad-value"),
        (broken(lambda c: c.update(weights={"hash": "../../etc/passwd"})), "bad-value"),
    ],
)
def test_what_is_no_document_is_said(content, code):
    with pytest.raises(DocumentError) as caught:
        from_json(content)
    assert caught.value.code == code
    assert len(caught.value.numbers) == len(FAULTS[code])


def test_every_truncation_is_refused():
    content = to_json(Document(graph=build("unet:depth=1,base=2,convs=1")), {"zoom": 1})
    for length in range(0, len(content.rstrip()), 7):
        with pytest.raises(DocumentError):
            from_json(content[:length])


def test_an_older_version_is_brought_up(monkeypatch):
    monkeypatch.setattr(document, "VERSION", 2)
    monkeypatch.setitem(document.MIGRATIONS, 1, lambda raw: {**raw, "title": raw["title"] + "!"})
    content = broken(lambda c: c.update(title="old", fieldglass=1))
    assert from_json(content)[0].title == "old!"


@pytest.fixture
def store(tmp_path):
    return BlobStore(tmp_path / "blobs")


def with_weights(store):
    key = store.put(struct.pack("<4f", 1, 2, 3, 4))
    return Document(graph=build("unet:depth=1,base=2"), weights=BlobRef(key, "a/b.safetensors"))


def test_weights_travel_beside_the_file(tmp_path, store):
    saved = with_weights(store)
    path = tmp_path / "net.fieldglass"
    save(path, saved, {"zoom": 2}, store)
    assert (tmp_path / f"net.{saved.weights.hash[:12]}.safetensors").is_file()
    elsewhere = BlobStore(tmp_path / "other")
    opened = load(path, elsewhere)
    assert (opened.document, opened.view, opened.missing) == (saved, {"zoom": 2}, ())
    assert elsewhere.sound(saved.weights.hash)


def test_a_renamed_file_still_finds_its_weights(tmp_path, store):
    path = tmp_path / "net.fieldglass"
    save(path, with_weights(store), {}, store)
    path = path.rename(tmp_path / "renamed.fieldglass")
    assert load(path, BlobStore(tmp_path / "other")).missing == ()


@pytest.mark.parametrize(
    ("damage", "code"), [(True, "weights-damaged"), (False, "weights-missing")]
)
def test_without_its_weights_the_graph_still_opens(tmp_path, store, damage, code):
    saved = with_weights(store)
    path = tmp_path / "net.fieldglass"
    save(path, saved, {}, store)
    beside = next(tmp_path.glob("*.safetensors"))
    if damage:
        beside.write_bytes(b"else")
    else:
        beside.unlink()
    other = BlobStore(tmp_path / "other")
    opened = load(path, other)
    assert opened.document == saved
    assert [fault.code for fault in opened.missing] == [code]
    assert not other.has(saved.weights.hash)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk-full"),
        (errno.EROFS, "read-only-folder"),
        (errno.EIO, "cannot-write"),
    ],
)
def test_a_failed_save_leaves_the_old_file_and_no_rubbish(
    tmp_path, store, monkeypatch, number, code
):
    path = tmp_path / "net.fieldglass"
    save(path, Document(title="old"), {}, store)
    before = sorted(tmp_path.iterdir())

    def fail(_):
        raise OSError(number, "no")

    monkeypatch.setattr(atomic_file.os, "fsync", fail)
    with pytest.raises(DocumentError) as caught:
        save(path, Document(title="new"), {}, store)
    assert caught.value.code == code
    monkeypatch.undo()
    assert sorted(tmp_path.iterdir()) == before
    assert load(path, store).document.title == "old"


def test_a_folder_that_is_not_there_is_said(tmp_path, store):
    with pytest.raises(DocumentError) as caught:
        save(tmp_path / "no" / "net.fieldglass", Document(), {}, store)
    assert caught.value.code == "no-folder"
    with pytest.raises(DocumentError) as caught:
        load(tmp_path / "nothing.fieldglass", store)
    assert caught.value.code == "missing-file"
    with pytest.raises(DocumentError) as caught:
        load(tmp_path, store)
    assert caught.value.code == "cannot-read"


def test_settings_nested_too_deeply_are_refused():
    deep = b"[" * 900 + b"]" * 900
    content = (
        b'{"fieldglass": 1, "operators": [{"id": "a", "operator": "opaque",'
        b' "settings": {"template": ' + deep + b"}}]}"
    )
    with pytest.raises(DocumentError) as caught:
        from_json(content)
    assert caught.value.code in ("bad-value", "not-json")


def test_saving_keeps_the_permissions(tmp_path, store):
    path = tmp_path / "net.fieldglass"
    save(path, Document(), {}, store)
    assert path.stat().st_mode & 0o777 == 0o666 & ~_umask()
    path.chmod(0o640)
    save(path, Document(), {}, store)
    assert path.stat().st_mode & 0o777 == 0o640


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize("name", ["", "  "])
def test_a_node_without_a_name_is_refused(name):
    nodes = [{"id": name, "operator": "input", "settings": {"channels": 1, "size": [8]}}]
    with pytest.raises(DocumentError) as found:
        from_json(json.dumps({"fieldglass": 1, "operators": nodes}).encode())
    assert (found.value.code, found.value.numbers) == ("bad-value", ("id",))
