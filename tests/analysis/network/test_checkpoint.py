"""Checkpoints as training scripts leave them: every tensor finds its layer, and no code is run."""

import argparse
import io
import pickle
import tarfile
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file
from torch import nn

from analysis.faults import Fault
from analysis.network.checkpoint import Entry, WeightsError, fit, read

STATE = {
    "enc.conv.weight": torch.randn(4, 3, 3, 3),
    "enc.conv.bias": torch.randn(4),
    "enc.norm.running_mean": torch.randn(4),
    "head.weight": torch.randn(2, 4, 1, 1),
    "head.bias": torch.randn(2),
}
WANTED = {name: tuple(tensor.shape) for name, tensor in STATE.items()}


class Settings:
    """A class of a training script."""

    def __init__(self) -> None:
        self.rate = 0.1


class Module(nn.Module):
    """Pickled whole, as many do."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Conv2d(4, 2, 1)


class Evil:
    """Runs something when it is unpickled by name."""

    def __reduce__(self):
        return (exec, ("raise SystemExit('code of the file was run')",))


def prefixed(prefix: str) -> dict[str, torch.Tensor]:
    return {f"{prefix}{name}": tensor for name, tensor in STATE.items()}


FORMS = {
    "plain": STATE,
    "data parallel": prefixed("module."),
    "compiled": prefixed("_orig_mod."),
    "compiled in parallel": prefixed("module._orig_mod."),
    "lightning": {"state_dict": {**prefixed("model."), "loss.scale": torch.ones(1)}, "epoch": 3},
    "any prefix": prefixed("my.own.net."),
    **{
        key: {key: STATE, "epoch": 3, "optimizer": {"state": {0: {"exp_avg": torch.ones(4)}}}}
        for key in ("model", "net", "params", "params_ema", "model_state_dict", "ema", "weights")
    },
    "wrapped twice": {"checkpoint": {"model": prefixed("module.")}, "args": {"lr": 0.1}},
    "a dictionary a part": {
        "enc": {name[4:]: tensor for name, tensor in STATE.items() if name.startswith("enc.")},
        "head": {name[5:]: tensor for name, tensor in STATE.items() if name.startswith("head.")},
    },
    "beside settings": {"state_dict": STATE, "args": argparse.Namespace(rate=0.1)},
    "beside objects": {"model": STATE, "config": Settings(), "best": np.float64(0.5)},
    "beside code": {"model": STATE, "extra": Evil()},
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("ending", [".pth", ".pt", ".ckpt", ".bin", ""])
def test_every_form_and_every_ending_is_read_whole(tmp_path: Path, form: str, ending: str) -> None:
    path = tmp_path / f"weights{ending}"
    torch.save(FORMS[form], path)
    found, report = fit(read(path), WANTED)
    assert all(torch.equal(found[name], STATE[name]) for name in WANTED)
    assert (report.loaded, report.wanted) == (5, 5)
    assert report.missing == report.other_shape == ()
    assert report.unexpected == (("loss.scale",) if form == "lightning" else ())


def test_the_format_before_zip_files_is_read(tmp_path: Path) -> None:
    torch.save(
        {"model": prefixed("module.")}, tmp_path / "old", _use_new_zipfile_serialization=False
    )
    assert fit(read(tmp_path / "old"), WANTED)[1].whole


def test_safetensors_are_told_by_their_content(tmp_path: Path) -> None:
    from safetensors.torch import save

    (tmp_path / "model.ckpt").write_bytes(save(prefixed("net.")))
    assert fit(read(tmp_path / "model.ckpt"), WANTED)[1].whole


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float64])
def test_tensors_keep_their_type(tmp_path: Path, kind: torch.dtype) -> None:
    torch.save({name: tensor.to(kind) for name, tensor in STATE.items()}, tmp_path / "half.pt")
    found, _ = fit(read(tmp_path / "half.pt"), WANTED)
    assert {tensor.dtype for tensor in found.values()} == {kind}


NAMES = st.sampled_from(["a", "bb", "enc", "conv1", "x_0", "weight", "module", "net", "7"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map(".".join)


@given(
    st.dictionaries(PATHS, st.integers(1, 4), min_size=1, max_size=6),
    st.lists(NAMES, max_size=3).map(lambda parts: "".join(f"{part}." for part in parts)),
    st.lists(NAMES, max_size=3).map(".".join),
)
def test_any_common_prefix_is_found(sizes: dict[str, int], prefix: str, where: str) -> None:
    """Also where a name ends as another does."""
    wanted = {f"{name}.weight": (size,) for name, size in sizes.items()}
    entries = tuple(
        Entry(where, prefix + name, torch.full(shape, float(at)))
        for at, (name, shape) in enumerate(wanted.items())
    )
    found, report = fit(entries, wanted)
    assert report.loaded == len(wanted)
    assert [int(found[name][0]) for name in wanted] == list(range(len(wanted)))


@given(
    st.dictionaries(NAMES, st.integers(1, 4), min_size=2, max_size=6),
    st.data(),
)
def test_everything_that_does_not_fit_is_named(sizes: dict[str, int], data: st.DataObject) -> None:
    wanted = {f"{name}.weight": (size,) for name, size in sizes.items()}
    fate = {name: data.draw(st.sampled_from(["there", "gone", "another shape"])) for name in wanted}
    given_ = {
        name: torch.ones(shape if fate[name] == "there" else (shape[0] + 1,))
        for name, shape in wanted.items()
        if fate[name] != "gone"
    }
    given_["Z.extra"] = torch.ones(1)
    entries = tuple(Entry("", f"module.{name}", tensor) for name, tensor in given_.items())
    found, report = fit(entries, wanted)
    assert set(found) == {name for name in wanted if fate[name] == "there"}
    if any(each != "gone" for each in fate.values()):
        assert set(report.missing) == {name for name in wanted if fate[name] == "gone"}
        assert {each[0] for each in report.other_shape} == {
            name for name in wanted if fate[name] == "another shape"
        }
        assert report.unexpected == ("module.Z.extra",)
    assert report.loaded + len(report.missing) + len(report.other_shape) == len(wanted)


def fault_of(path: Path) -> str:
    with pytest.raises(WeightsError) as caught:
        read(path)
    assert caught.value.fault.numbers == (str(path),)
    return caught.value.fault.code


def test_a_whole_module_and_what_only_code_could_make_are_refused(tmp_path: Path) -> None:
    torch.save(Module(), tmp_path / "whole.pth")
    torch.save({"model": Module()}, tmp_path / "within.pth")
    torch.save(Evil(), tmp_path / "evil.pth")
    torch.save(Module(), tmp_path / "old.pth", _use_new_zipfile_serialization=False)
    (tmp_path / "plain.pkl").write_bytes(pickle.dumps(Evil()))
    assert fault_of(tmp_path / "whole.pth") == "weights-pickled"
    assert fault_of(tmp_path / "within.pth") == "weights-pickled"
    assert fault_of(tmp_path / "evil.pth") == "weights-pickled"
    assert fault_of(tmp_path / "old.pth") == "weights-pickled"
    assert fault_of(tmp_path / "plain.pkl") == "weights-plain-pickle"


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
@pytest.mark.parametrize("zipped", [True, False])
def test_a_newer_pickle_protocol_is_named_and_no_whole_module(tmp_path: Path, zipped: bool) -> None:
    for protocol in (3, 4, 5):
        path = tmp_path / f"{protocol}.pth"
        torch.save(STATE, path, _use_new_zipfile_serialization=zipped, pickle_protocol=protocol)
        if protocol == 3:
            assert len(read(path)) == len(STATE)
            continue
        with pytest.raises(WeightsError) as caught:
            read(path)
        assert caught.value.fault == Fault("weights-protocol", (str(path), protocol))


def test_other_programs_of_pytorch_are_named(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "ancient.tar", "w", format=tarfile.USTAR_FORMAT) as archive:
        member = tarfile.TarInfo("storages")
        member.size = 4
        archive.addfile(member, io.BytesIO(b"abcd"))
    assert fault_of(tmp_path / "ancient.tar") == "weights-old-tar"
    import zipfile

    with zipfile.ZipFile(tmp_path / "script.pt", "w") as archive:
        archive.writestr("script/constants.pkl", b"")
        archive.writestr("script/data.pkl", b"")
    assert fault_of(tmp_path / "script.pt") == "weights-torchscript"


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"\x80", b"\x80\x02}.", b"PK\x03\x04" * 40, b"{}" * 9]
)
def test_what_holds_no_tensor_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.pth").write_bytes(content)
    assert fault_of(tmp_path / "a.pth") == "weights-unreadable"
    torch.save({"epoch": 3}, tmp_path / "b.pth")
    assert fault_of(tmp_path / "b.pth") == "weights-unreadable"


@pytest.mark.parametrize("kind", ["safetensors", "archive", "old"])
@pytest.mark.parametrize("part", [0.3, 0.7, 0.99])
def test_a_file_that_is_cut_off_is_said_to_be(tmp_path: Path, kind: str, part: float) -> None:
    file = tmp_path / "weights"
    state = {name: torch.randn(64, 9) for name in STATE}
    if kind == "safetensors":
        save_file(state, str(file))
    else:
        torch.save(state, file, _use_new_zipfile_serialization=kind == "archive")
    assert len(read(file)) == len(state)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * part)])
    assert fault_of(file) == "weights-cut-off"


def test_damage_inside_a_whole_file_is_not_called_cut_off(tmp_path: Path) -> None:
    save_file(STATE, str(tmp_path / "a"))
    whole = (tmp_path / "a").read_bytes()
    (tmp_path / "a").write_bytes(whole.replace(b'"F32"', b'"X32"', 1))
    assert fault_of(tmp_path / "a") == "weights-unreadable"
    torch.save(STATE, tmp_path / "b")
    whole = (tmp_path / "b").read_bytes()
    (tmp_path / "b").write_bytes(whole.replace(b"data.pkl", b"nope.pkl"))
    assert fault_of(tmp_path / "b") == "weights-unreadable"


class Runs:
    def __reduce__(self):
        return (Path.touch, (Path("ran"),))


@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_a_pickle_that_runs_code_is_refused_in_silence(
    tmp_path: Path, protocol: int, capsys, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "evil.pth"
    path.write_bytes(pickle.dumps({"a": Runs()}, protocol))
    with pytest.raises(WeightsError) as refused:
        read(path)
    assert refused.value.fault.code == "weights-plain-pickle"
    assert capsys.readouterr().err == ""
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_a_plain_pickle_of_tensors_is_not_called_a_module(tmp_path: Path, protocol: int) -> None:
    state = {"a.weight": torch.zeros(2, 3)}
    (tmp_path / "plain.pth").write_bytes(pickle.dumps(state, protocol))
    assert fault_of(tmp_path / "plain.pth") == "weights-plain-pickle"


@pytest.mark.parametrize("protocol", [2, 3])
def test_the_format_before_archives_is_not_taken_for_a_plain_pickle(
    tmp_path: Path, protocol: int
) -> None:
    state = {"a.weight": torch.zeros(2, 3)}
    written = tmp_path / "older.pth"
    torch.save(state, written, pickle_protocol=protocol, _use_new_zipfile_serialization=False)
    assert [entry.full for entry in read(written)] == ["a.weight"]
