"""Files of the store are named in failures as the person knows them."""

from __future__ import annotations

from analysis.faults import Fault
from analysis.inference.protocol.engine import EngineFailure
from analysis.storage.blobs import BlobRef
from analysis.storage.document import Document
from tests.viewer.conftest import small_unet
from viewer.engine.stored_names import with_names


def test_paths_in_the_store_become_names() -> None:
    weights, image = BlobRef("a" * 64, "mine.pth"), BlobRef("b" * 64, "cat.png")
    document = Document(small_unet().graph, weights=weights, image=image)
    for blob in (weights, image):
        fault = Fault("weights-unreadable", (f"/data/blobs/{blob.hash[:2]}/{blob.hash}", 3, "conv"))
        told = with_names(EngineFailure(fault, details="why", slot="a"), document)
        assert told.fault == Fault("weights-unreadable", (blob.name, 3, "conv"))
        assert (told.details, told.slot) == ("why", "a")
    other = EngineFailure(Fault("weights-unreadable", ("/elsewhere/x.pth",)))
    assert with_names(other, document) == other
