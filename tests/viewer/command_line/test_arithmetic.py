"""`fieldglass arithmetic` as scripts use it: answers, seeds, one line of complaint."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from viewer import cli

ROOT = Path(__file__).parents[3]
CASES = json.loads((ROOT / "tests" / "data" / "arithmetic.json").read_text())["cases"]
POSSIBLE = [case for case in CASES if case["expected_out"] is not None]
FIRST = CASES[0]

Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Writes a case to a file and asks for its answer: (status, output, complaint)."""

    def asked(case: object, *options: str) -> tuple[int, str, str]:
        path = tmp_path / "case.json"
        path.write_text(case if isinstance(case, str) else json.dumps(case), encoding="utf-8")
        status = cli.main(["arithmetic", "--case", str(path), *options])
        said = capsys.readouterr()
        return status, said.out, said.err

    return asked


def answer(ask: Ask, case: object, *options: str) -> Any:
    status, said, complaint = ask(case, "--format", "json", *options)
    assert (status, complaint) == (0, "")
    return json.loads(said)


def refused(ask: Ask, case: object, *options: str) -> str:
    status, said, complaint = ask(case, *options)
    assert (status, said) == (2, "")
    assert complaint.startswith("fieldglass: ")
    assert complaint.count("\n") == 1
    assert "Traceback" not in complaint
    return complaint.removeprefix("fieldglass: ").strip()


def test_one_case_is_answered_with_every_key(ask: Ask) -> None:
    found = answer(ask, FIRST)
    assert list(found) == [
        "output",
        "relationship",
        "formula",
        "steps",
        "input_use_count",
        "overlap_count",
        "input_values",
        "kernel_values",
        "bias_values",
        "output_values",
        "matrix",
        "backward",
    ]
    assert found["output_values"] == FIRST["output_values"]
    assert found["matrix"] == {"shape": [4, 16], "nonzeros": 36, "values": FIRST["C_values"]}


def test_a_list_is_answered_with_a_list(ask: Ask) -> None:
    found = answer(ask, POSSIBLE)
    assert [each["output"] for each in found] == [case["expected_out"] for case in POSSIBLE]
    assert [each["relationship"] for each in found] == [case["relationship"] for case in POSSIBLE]
    for case, each in zip(POSSIBLE, found, strict=True):
        np.testing.assert_allclose(each["output_values"], case["output_values"], rtol=1e-12)
    assert answer(ask, [FIRST]) == found[:1]
    assert answer(ask, []) == []


def test_the_matrix_of_a_transposed_case_maps_its_input_to_its_output(ask: Ask) -> None:
    case = next(case for case in CASES if case["name"] == "padding_strides_odd_transposed")
    found = answer(ask, case)
    assert found["matrix"]["shape"] == [36, 9]
    product = np.array(found["matrix"]["values"]) @ np.ravel(found["input_values"])
    np.testing.assert_array_equal(product, np.ravel(case["output_values"]))


def test_missing_values_come_from_the_seed(ask: Ask) -> None:
    bare = {"kind": "conv", "in": [6, 5], "kernel": [3, 3], "bias": True}
    found = [answer(ask, bare, "--seed", seed) for seed in ("1", "1", "2")]
    assert found[0] == found[1] != found[2]
    again = bare | {key: found[0][key] for key in ("input_values", "kernel_values", "bias_values")}
    assert answer(ask, again) == found[0]
    assert np.array(found[0]["backward"]["grad_output"]).tolist() == [[1] * 3] * 4
    assert found[0]["backward"]["grad_bias"] == [12]


def test_one_axis_and_one_number_for_both_axes(ask: Ask) -> None:
    signal = answer(ask, {"kind": "conv", "in": [8], "kernel": [3], "stride": [2], "padding": [1]})
    assert (signal["output"], signal["relationship"]) == ([4], 6)
    assert np.shape(signal["input_values"]) == (8,)
    square = answer(ask, {"kind": "transposed", "in": [2, 2], "kernel": 3, "stride": 2})
    assert square["output"] == [5, 5]


def test_relationships_that_differ_stand_per_axis(ask: Ask) -> None:
    found = answer(
        ask,
        {"kind": "transposed", "in": [3, 3], "kernel": [3, 3], "stride": [2, 1],
         "dilation": [1, 2]},
    )  # fmt: skip
    assert found["relationship"] == [12, None]
    assert len(found["formula"].split("; ")) == 2


def test_large_matrices_are_left_out_unless_asked_for(ask: Ask) -> None:
    case = {"kind": "conv", "in": [9, 9], "kernel": [2, 2]}
    assert "values" not in answer(ask, case)["matrix"]
    assert np.shape(answer(ask, case, "--matrix")["matrix"]["values"]) == (64, 81)


def test_an_empty_maximum_is_null(ask: Ask) -> None:
    case = {"kind": "pool", "in": [3], "kernel": [2], "stride": [1], "padding": [1],
            "dilation": [4]}  # fmt: skip
    assert answer(ask, case)["output_values"] == [None]
    status, said, _ = ask(case)
    assert status == 0
    assert "−∞" in said


def test_table_and_csv(ask: Ask) -> None:
    status, said, _ = ask(FIRST)
    assert status == 0
    assert "12  14\n14  12\n" in said
    status, said, _ = ask([FIRST, CASES[1]], "--format", "csv")
    assert said.splitlines()[1] == (
        "no_padding_no_strides,conv,4 4,2 2,1,o = (i − k) + 1 = (4 − 3) + 1 = 2,4,36"
    )
    for case in POSSIBLE:
        assert ask(case)[0] == 0


def test_the_answer_goes_into_a_file(ask: Ask, tmp_path: Path) -> None:
    out = tmp_path / "answer.json"
    status, said, _ = ask(FIRST, "--format", "json", "-o", str(out))
    assert (status, said) == (0, "")
    assert json.loads(out.read_text())["output"] == [2, 2]


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ({"kind": "conv", "in": [4, 4], "kernel": [7, 7]}, ("7", "4", "height", "works")),
        (
            {"kind": "transposed", "in": [3, 3], "kernel": [3, 3], "output_padding": [0, 1]},
            ("output padding of 1", "width", "stride of 1", "0 works"),
        ),
        (
            {"kind": "conv", "in": [4, 4], "kernel": [3, 3], "channels": [4, 6], "groups": 3},
            ("4 channels", "3 groups", "2 works"),
        ),
        (
            {"kind": "transposed", "in": [3, 3], "kernel": [3, 3], "padding": [3, 3]},
            ("padding of 3", "5 px", "2 works"),
        ),
        (
            {"kind": "pool", "in": [4, 4], "kernel": [2, 2], "padding": [2, 2]},
            ("padding of 2", "window of 2", "1 works"),
        ),
        ({"kind": "conv", "in": [4, 4], "kernel": [3, "x"]}, ("kernel", "x", "whole numbers")),
        ({"kind": "conv", "in": [4, 4], "kernel": [3, 2.5]}, ("kernel", "2.5")),
        ({"kind": "conv", "in": [4, 4], "kernel": [True, 3]}, ("kernel", "True")),
        ({"kind": "conv", "in": [4, 4, 4], "kernel": [3, 3, 3]}, ("3", "2")),
        ({"kind": "conv", "in": [4, 4], "kernel": [3]}, ("kernel", "1", "2")),
        ({"kind": "conv", "in": [4, 4], "kernel": [3, 3], "stride": [0, 1]}, ("stride", "0")),
        ({"kind": "conv", "in": [4, 4], "kernel": [3, 3], "paddings": [1, 1]}, ("padding",)),
        ({"kind": "conv", "in": [4, 4]}, ("kernel",)),
        ({"in": [4, 4], "kernel": [3, 3]}, ("kind",)),
        ({"kind": "deconv", "in": [4, 4], "kernel": [3, 3]}, ("deconv", "transposed")),
        ({"kind": ["conv"], "in": [4, 4], "kernel": [3, 3]}, ("kind",)),
        (
            {"kind": "conv", "in": [4, 4], "kernel": [3, 3], "input_values": [[1, 2], [3, 4]]},
            ("input_values", "2 × 2", "4 × 4"),
        ),
        (
            {"kind": "conv", "in": [2], "kernel": [1], "input_values": [1, "two"]},
            ("input_values", "numbers"),
        ),
        ('{"kind": "conv", "in": [2], "kernel": [1], "input_values": [1, NaN]}', ("finite",)),
        ('{"kind": "conv", "in": [2], "kernel": [1], "input_values": [[1], 2]}', ("numbers",)),
        ({"kind": "conv", "in": [60000, 60000], "kernel": [3, 3]}, ("memory", "GB")),
        ({"kind": "conv", "in": [10**30, 4], "kernel": [3, 3]}, ("in is", "65")),
        ([FIRST, {"name": "wrong", "kind": "conv", "in": [1, 1], "kernel": [2, 2]}],
         ("case 2 (wrong)", "kernel")),
        ("[1]", ("case 1", "object")),
        ("null", ("object",)),
        ('{"kind": "conv",', ("not JSON", "line 1")),
        ("[" * 100_000, ("nested",)),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_line(ask: Ask, case: object, words: tuple[str, ...]) -> None:
    said = refused(ask, case)
    for word in words:
        assert word in said, said


def test_no_file_and_a_seed_below_zero(
    ask: Ask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["arithmetic", "--case", str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err
    assert "-1" in refused(ask, FIRST, "--seed", "-1")
    assert cli.main(["arithmetic"]) == 2


def test_it_loads_neither_torch_nor_qt(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(POSSIBLE))
    code = (
        "import sys; from viewer import cli; "
        f"status = cli.main(['arithmetic', '--case', {str(path)!r}]); "
        "print(status, sorted(sys.modules.keys() & {'torch', 'PySide6', 'networkx', 'matplotlib'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines()[-1:] == ["0 []"]
