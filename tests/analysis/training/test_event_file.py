"""Event files are read back by Google's own protocol buffers, and their checksums are CRC-32C."""

from __future__ import annotations

import struct

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from analysis.training.event_file import Scalar, crc32c, event_file, scalars
from analysis.training.record import Measurement, Record


def event_class():
    """`Event` as tensorflow/core/util/event.proto has it, without what is not written here."""
    file = descriptor_pb2.FileDescriptorProto(name="e.proto", package="e", syntax="proto3")
    kinds = descriptor_pb2.FieldDescriptorProto
    for name, fields in (
        ("Value", (("tag", 1, kinds.TYPE_STRING, ""), ("simple_value", 2, kinds.TYPE_FLOAT, ""))),
        ("Summary", (("value", 1, kinds.TYPE_MESSAGE, ".e.Value"),)),
        ("Event", (("wall_time", 1, kinds.TYPE_DOUBLE, ""), ("step", 2, kinds.TYPE_INT64, ""),
                   ("file_version", 3, kinds.TYPE_STRING, ""),
                   ("summary", 5, kinds.TYPE_MESSAGE, ".e.Summary"))),
    ):  # fmt: skip
        made = file.message_type.add(name=name)
        for key, number, kind, of in fields:
            label = kinds.LABEL_REPEATED if key == "value" else kinds.LABEL_OPTIONAL
            made.field.add(name=key, number=number, type=kind, type_name=of or None, label=label)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("e.Event"))


def read(content: bytes) -> list:
    """All events; the checksums must hold."""
    kind, found = event_class(), []
    while content:
        (length,) = struct.unpack("<Q", content[:8])
        body = content[12 : 12 + length]
        for part, held in ((content[:8], content[8:12]), (body, content[12 + length :][:4])):
            crc = crc32c(part)
            masked = ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
            assert struct.unpack("<I", held) == (masked,)
        found.append(kind.FromString(body))
        content = content[16 + length :]
    return found


def test_the_checksum_is_castagnolis() -> None:
    assert crc32c(b"123456789") == 0xE3069283
    assert crc32c(bytes(32)) == 0x8A9136AA


def test_numbers_are_read_back_as_they_were() -> None:
    given = [Scalar("loss/training", 300, 12.5, 0.25), Scalar("psnr/σ", 0, 13.0, float("nan")),
             Scalar("psnr/σ", 1 << 40, 14.0, -3.5)]  # fmt: skip
    version, *events = read(event_file(10.0, given))
    assert (version.file_version, version.wall_time) == ("brain.Event:2", 10.0)
    assert [
        Scalar(e.summary.value[0].tag, e.step, e.wall_time, e.summary.value[0].simple_value)
        for e in events
    ] == [given[0], given[2]]


def test_a_twins_losses_and_scores_have_their_steps_and_times() -> None:
    record = Record({"a": [3.0, 2.0], "b": [9.0]})
    record.measured = [Measurement("a", 0, 0.0, "25", 10.0), Measurement("b", 2, 9.0, "25", 1.0),
                       Measurement("a", 2, 4.0, "25", 20.0, 21.0, 0.5)]  # fmt: skip
    found = [(e.tag, e.step, e.time, e.value) for e in scalars(record, "a", "psnr", 100.0)]
    assert found == [
        ("loss/training", 1, 102.0, 3.0),
        ("loss/training", 2, 104.0, 2.0),
        ("psnr/held out, sigma 25", 0, 100.0, 10.0),
        ("psnr/held out, sigma 25", 2, 104.0, 20.0),
        ("psnr/training, sigma 25", 2, 104.0, 21.0),
        ("loss/held out, sigma 25", 2, 104.0, 0.5),
    ]
    assert found[0][2] == pytest.approx(102.0)
