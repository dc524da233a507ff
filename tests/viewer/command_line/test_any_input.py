"""Whatever JSON or MODEL somebody gives, the answer is an answer or one sentence of ours."""

from __future__ import annotations

import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from viewer import cli

NAMES = (
    "kind", "in", "kernel", "stride", "padding", "dilation", "output_padding", "groups", "channels",
    "input_values", "kernel_values", "bias_values", "mode", "ceil_mode", "count_include_pad",
    "grad_output", "backward", "name", "bias", "kernle", "x",
)  # fmt: skip
numbers = st.one_of(
    st.integers(-3, 9), st.sampled_from([10**5, 2**31, 10**30, 0.5, -1e308, 1e-320, True])
)
plain = st.one_of(st.none(), st.booleans(), numbers, st.text(max_size=8), st.sampled_from(NAMES))
anything = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=12,
)
almost = st.fixed_dictionaries(
    {
        "kind": st.one_of(st.sampled_from(["conv", "transposed", "pool"]), anything),
        "in": st.one_of(st.just([5, 4]), st.lists(st.integers(0, 9), max_size=3), anything),
        "kernel": st.one_of(st.integers(0, 4), st.lists(st.integers(0, 4), max_size=3), anything),
    },
    optional={name: st.one_of(st.integers(0, 3), anything) for name in NAMES[3:]},
)


def answered(*arguments: str) -> tuple[int, str, str]:
    out, err = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    try:
        status = cli.main(list(arguments))
        return status, sys.stdout.getvalue(), sys.stderr.getvalue()
    finally:
        sys.stdout, sys.stderr = out, err


def check(status: int, out: str, err: str) -> None:
    if status == 0:
        assert err == ""
        assert out.endswith("\n")
    else:
        assert (status, out) == (2, "")
        assert err.startswith("fieldglass: ")
        assert err.count("\n") == 1
        assert "error of its own" not in err
        assert len(err) < 1500


@pytest.mark.parametrize("form", ["table", "json", "csv"])
@given(case=st.one_of(almost, st.lists(almost, max_size=3), anything))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@example(case=[])
@example(case=[[]])
@example(case=[[[1]]])
@example(case={"kind": "conv", "in": [8, 8], "kernel": [[3]]})
@example(case={"kind": "conv", "in": [8, 8], "kernel": 3, "channels": [2000, 2000]})
@example(case={"kind": "conv", "in": [8, 8], "kernel": 3, "channels": [60000, 60000]})
@example(case={"kind": "pool", "in": [4, 4], "kernel": 2, "channels": [65536, 65536]})
@example(case={"kind": "conv", "in": [60000, 60000], "kernel": 1})
def test_any_json_in_place_of_a_case(form: str, case: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.json"
        path.write_text(json.dumps(case), encoding="utf-8")
        check(*answered("arithmetic", "--case", str(path), "--format", form))


@given(content=st.binary(max_size=40))
@settings(max_examples=50, deadline=None)
@example(content=b"[" * 100_000)
@example(content=b"9" * 10_000)
@example(content=b"\xff\xfe[\x00]\x00")
def test_any_bytes_in_place_of_a_case(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.json"
        path.write_bytes(content)
        check(*answered("arithmetic", "--case", str(path)))


words = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["depth", "base", "kernel", "norm", "size", "dpeth", "x" * 4000, "9" * 5000]),
)


@given(st.lists(st.tuples(words, words), max_size=3), words)
@settings(max_examples=150, deadline=None)
@example([("x" * 4000, "3")], "unet")
@example([("depth", "9" * 5000)], "unet")
@example([("depth", "x" * 4000)], "unet")
@example([], "u" * 4000)
@example([], "unet:" + "a," * 2000)
@example([], "é" * 200 + ".py:Net")
@example([], "n" * 300 + ".fieldglass")
@example([], "\0.fieldglass")
@example([], "\ud800.fieldglass")
def test_any_text_in_place_of_a_model(pairs: list[tuple[str, str]], head: str) -> None:
    settings = ",".join(f"{name}={value}" for name, value in pairs)
    check(*answered("describe", f"{head}:{settings}" if pairs else head))
    check(*answered("describe", f"unet:{settings}"))


def test_the_nearest_known_setting_is_named() -> None:
    assert "depth" in answered("describe", "unet:dpeth=3")[2]
    assert "unet" in answered("describe", "unt")[2]
    assert "describe" in answered("descrbe")[2]
