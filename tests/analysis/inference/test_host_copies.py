"""When copies from a GPU are read and when their buffers serve again, with a fake of the GPU.

Copies of the fake arrive only when their event is waited for: whoever reads before reads nothing,
and a buffer that is given out too soon loses what was on its way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import torch

from analysis.inference import host_copies
from analysis.inference.host_copies import BUFFERS, RINGS, HostCopies

NOTHING = -1.0
DEVICE = torch.device("cuda:1")


class Source:
    """A tensor on the GPU, of which the host sees what a copy brings."""

    def __init__(self, gpu: FakeGpu, values: torch.Tensor) -> None:
        self.gpu, self.values = gpu, values
        self.shape, self.dtype, self.device = values.shape, values.dtype, DEVICE

    def record_stream(self, stream: Stream) -> None:
        self.gpu.log.append(("kept for", stream.name))


class Buffer:
    """Pinned memory; what is copied into it without blocking comes when the stream is awaited."""

    def __init__(self, gpu: FakeGpu, shape: torch.Size, dtype: torch.dtype) -> None:
        self.gpu, self.values = gpu, torch.full(shape, NOTHING, dtype=dtype)
        self.writing = False

    def copy_(self, source: Source, non_blocking: bool) -> None:
        assert non_blocking
        assert not self.writing, "the buffer is still written by an earlier copy"
        self.writing = True
        stream = self.gpu.current[-1]
        assert stream.waits_for_written, "the copy does not wait for what writes its source"
        stream.waits_for_written = False
        stream.queue.append((self, source.values))
        self.gpu.log.append(("copy", stream.name))

    def clone(self) -> torch.Tensor:
        assert not self.writing, "the buffer is read before its copy is done"
        return self.values.clone()


class Stream:
    def __init__(self, name: str) -> None:
        self.name = name
        self.queue: list[tuple[Buffer, torch.Tensor]] = []
        self.done = 0
        self.waits_for_written = False

    def wait_event(self, event: Event) -> None:
        assert event.after is not None, "an event that was not recorded holds nothing up"
        self.waits_for_written = event.after[0].name == "computing"


class Event:
    def __init__(self) -> None:
        self.after: tuple[Stream, int] | None = None

    def record(self, stream: Stream) -> None:
        self.after = (stream, len(stream.queue))

    def synchronize(self) -> None:
        assert self.after is not None
        stream, count = self.after
        for buffer, values in stream.queue[stream.done : count]:
            buffer.values = values.clone()
            buffer.writing = False
        stream.done = max(stream.done, count)


class FakeGpu:
    """In the place of `torch.cuda`, with one stream that computes."""

    Event = Event

    def __init__(self) -> None:
        self.computing = Stream("computing")
        self.current = [self.computing]
        self.devices: list[torch.device] = []
        self.sides: list[Stream] = []
        self.pinned: list[Buffer] = []
        self.log: list[tuple[str, str]] = []

    def Stream(self, device: torch.device) -> Stream:
        assert device == DEVICE
        self.sides.append(Stream("side"))
        return self.sides[-1]

    def current_stream(self, device: torch.device) -> Stream:
        assert device == DEVICE
        return self.current[-1]

    @contextmanager
    def device(self, device: torch.device) -> Iterator[None]:
        self.devices.append(device)
        yield
        self.devices.pop()

    @contextmanager
    def stream(self, stream: Stream) -> Iterator[None]:
        assert self.devices[-1:] == [DEVICE]
        self.current.append(stream)
        yield
        self.current.pop()

    def empty(self, shape: torch.Size, *, dtype: torch.dtype, pin_memory: bool) -> Buffer:
        assert pin_memory
        self.pinned.append(Buffer(self, shape, dtype))
        return self.pinned[-1]

    def tensor(self, *values: float) -> Source:
        return Source(self, torch.tensor(values))


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> FakeGpu:
    fake = FakeGpu()
    monkeypatch.setattr(host_copies.torch, "cuda", fake)
    monkeypatch.setattr(host_copies.torch, "empty", fake.empty)
    return fake


def test_a_copy_is_read_after_its_event_and_is_the_readers_own(gpu: FakeGpu) -> None:
    copies = HostCopies(DEVICE)
    copy = copies.start(gpu.tensor(1.0, 2.0))  # type: ignore[arg-type]
    assert gpu.log == [("copy", "side"), ("kept for", "side")]
    [buffer] = gpu.pinned
    assert buffer.writing  # nobody has waited
    first = copy.read()
    assert first.tolist() == [1.0, 2.0]
    assert copy.read() is first
    for value in range(2 * BUFFERS):
        copies.start(gpu.tensor(float(value), float(value))).read()  # type: ignore[arg-type]
    assert first.tolist() == [1.0, 2.0]
    assert len(gpu.pinned) == BUFFERS
    assert len(gpu.sides) == 1


def test_copies_that_nobody_has_read_yet_outlive_their_buffers(gpu: FakeGpu) -> None:
    copies = HostCopies(DEVICE)
    count = 3 * BUFFERS
    started = [copies.start(gpu.tensor(value)) for value in range(count)]  # type: ignore[arg-type]
    assert len(gpu.pinned) == BUFFERS
    assert sum(buffer.writing for buffer in gpu.pinned) == BUFFERS  # only the oldest were awaited
    assert [copy.read().tolist() for copy in reversed(started)] == [
        [value] for value in reversed(range(count))
    ]


def test_a_copy_that_was_given_up_keeps_its_buffer_until_it_is_done(gpu: FakeGpu) -> None:
    copies = HostCopies(DEVICE)
    for value in range(5 * BUFFERS):  # a buffer written by two copies fails in the fake
        copies.start(gpu.tensor(value))  # type: ignore[arg-type]


def test_each_shape_has_its_own_buffers_and_those_used_last_stay(gpu: FakeGpu) -> None:
    copies = HostCopies(DEVICE)
    oldest = copies.start(gpu.tensor(7.0))  # type: ignore[arg-type]
    for length in range(2, RINGS + 2):
        copies.start(gpu.tensor(*range(length)))  # type: ignore[arg-type]
    assert not gpu.pinned[0].writing  # let go of, but not before it was filled
    assert oldest.read().tolist() == [7.0]
    made = len(gpu.pinned)
    copies.start(gpu.tensor(1.0, 2.0))  # type: ignore[arg-type]
    copies.start(gpu.tensor(3.0))  # type: ignore[arg-type]
    assert [tuple(each.values.shape) for each in gpu.pinned[made:]] == [(2,), (1,)]


def test_without_a_gpu_nothing_is_pinned(gpu: FakeGpu) -> None:
    values = torch.rand(2, 3)
    assert HostCopies(torch.device("cpu")).start(values).read().equal(values)
    assert gpu.log == []
    assert gpu.pinned == []


def test_no_more_memory_is_pinned_than_may_be(
    gpu: FakeGpu, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_copies, "MOST_BYTES", 20)
    copies = HostCopies(DEVICE)
    values = [float(value) for value in range(4)]
    pairs = [copies.start(gpu.tensor(value, value)) for value in values]  # type: ignore[arg-type]
    assert len(gpu.pinned) == 2  # of 8 bytes each; a third would be too much
    alone = copies.start(gpu.tensor(9.0))  # type: ignore[arg-type]
    assert not any(each.writing for each in gpu.pinned[:2])  # let go of once they were filled
    assert [copy.read().tolist() for copy in pairs] == [[value] * 2 for value in values]
    assert alone.read().tolist() == [9.0]
    large = gpu.tensor(*range(6))
    large.cpu = lambda: large.values  # type: ignore[attr-defined]
    assert copies.start(large).read().tolist() == list(range(6))  # type: ignore[arg-type]
    assert len(gpu.pinned) == 3
