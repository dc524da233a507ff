"""A version of the document is one file and one row: older files open, newer ones are refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.storage.blobs import BlobRef
from analysis.storage.document import Document, DocumentError, from_json, to_json
from analysis.storage.migrations import table

SAVED = Path(__file__).parents[2] / "data" / "documents"
"""A file of each version, written by the program of its time and never again."""


def content_of(path: Path) -> dict:
    return json.loads(path.read_bytes())


def gates_in_per_cent(raw):
    """A toy step: version 1 wrote gates as α, version 2 per cents of it under another name."""
    return {**raw, "per_cent": {name: 100 * alpha for name, alpha in raw.pop("gates").items()}}


def gates_as_before(raw):
    """A second toy step, back again, so that the schema of today reads it."""
    return {**raw, "gates": {name: each / 200 for name, each in raw.pop("per_cent").items()}}


@pytest.fixture
def two_more(monkeypatch):
    rows = (*table.MIGRATIONS, gates_in_per_cent, gates_as_before)
    monkeypatch.setattr(table, "MIGRATIONS", rows)
    return len(rows) + 1


@pytest.mark.parametrize("version", range(1, table.newest() + 1))
def test_a_file_of_every_version_opens(version):
    path = SAVED / f"version_{version}.fieldglass"
    assert content_of(path)["fieldglass"] == version
    opened, view = from_json(path.read_bytes())
    assert opened.title == f"Version {version}"
    assert opened.gates == {"skip1": 0.5}
    assert opened.weights == BlobRef("a" * 64, "w.safetensors")
    assert view["workspace"] == "build"
    again, _ = from_json(to_json(opened, view))
    assert again == opened


def test_a_row_brings_older_files_up_step_by_step_and_is_what_is_written(two_more, tmp_path):
    path = tmp_path / "old.fieldglass"
    path.write_bytes((SAVED / "version_1.fieldglass").read_bytes())
    opened, _ = from_json(path.read_bytes())
    assert opened.gates == {"skip1": 0.25}
    assert json.loads(to_json(Document()))["fieldglass"] == two_more
    between = gates_in_per_cent(content_of(path)) | {"fieldglass": two_more - 1}
    assert from_json(json.dumps(between).encode())[0].gates == {"skip1": 0.25}


def test_a_file_of_the_newest_version_goes_through_no_step(two_more):
    saved = Document(gates={"skip1": 0.5})
    assert from_json(to_json(saved))[0].gates == saved.gates


def test_a_version_that_no_row_makes_is_refused(two_more):
    raw = content_of(SAVED / "version_1.fieldglass") | {"fieldglass": two_more + 1}
    with pytest.raises(DocumentError) as caught:
        from_json(json.dumps(raw).encode())
    assert (caught.value.code, caught.value.numbers) == ("newer-version", (two_more + 1, two_more))


@pytest.mark.parametrize("gates", [None, 7, [1], {"skip1": "open"}, {"skip1": None}])
def test_an_old_file_with_wrong_values_is_a_fault_and_no_exception_of_the_step(two_more, gates):
    raw = content_of(SAVED / "version_1.fieldglass")
    raw = {key: value for key, value in raw.items() if key != "gates"}
    raw |= {} if gates is None else {"gates": gates}
    with pytest.raises(DocumentError) as caught:
        from_json(json.dumps(raw).encode())
    assert caught.value.code == "bad-value"
