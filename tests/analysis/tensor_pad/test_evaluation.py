"""Lines come to what Python with torch makes of them: values, memory, words of refusal."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.tensor_pad.evaluation import run_line
from analysis.tensor_pad.expression import Line
from analysis.tensor_pad.functions import CONSTANTS, DTYPES, FUNCTIONS
from analysis.tensor_pad.parsing import parse
from analysis.tensor_pad.refusal import Refusal
from analysis.tensor_pad.result import PlainResult, TensorResult

NAMES = {
    name: getattr(torch, name)
    for name in (*FUNCTIONS, *CONSTANTS, *DTYPES)
    if hasattr(torch, name) and name not in ("float", "int", "bool")
}
SEED = 7


def run(text: str) -> Any:
    line = parse(text)
    assert isinstance(line, Line), line
    return run_line(line, SEED)


def in_python(text: str) -> torch.Tensor | Exception:
    """What a person's own torch says; only lines made here come to `eval`."""
    torch.manual_seed(SEED)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = eval(text, {"torch": torch, "__builtins__": {}} | NAMES)  # noqa: S307
    except Exception as error:  # noqa: BLE001
        return error
    return value


def agrees(text: str) -> TensorResult | Refusal | None:
    """Hold a line against torch; what it came to."""
    found, wanted = run(text), in_python(text)
    if isinstance(wanted, Exception):
        assert isinstance(found, Refusal), (text, wanted)
        if found.said:  # else it is our own limit that is met first
            first = " ".join(str(wanted).partition("\n\n")[0].split())
            assert found.said == f"{type(wanted).__name__}: {first}", text
        return found
    if isinstance(found, Refusal):
        assert not found.said, (text, found)
        return found
    if isinstance(found, PlainResult):
        return None
    tensor = wanted.values if found.half else wanted
    assert found.shape == tuple(tensor.shape), text
    assert found.strides == tensor.stride(), text
    assert found.offset == tensor.storage_offset(), text
    assert found.dtype == str(tensor.dtype).removeprefix("torch."), text
    assert found.contiguous == tensor.is_contiguous(), text
    shown = tensor.float() if tensor.dtype == torch.bfloat16 else tensor
    np.testing.assert_array_equal(found.values, shown.numpy(), err_msg=text)
    assert len(found.memory) * tensor.element_size() == tensor.untyped_storage().nbytes(), text
    return found


@pytest.mark.parametrize(
    "text",
    [
        "torch.randn(1, 2, 3, 4).view(-1, 2)",
        "torch.linspace(0, 1, 5)",
        "torch.normal(mean=0.5, std=torch.arange(1., 6.))",
        "normal(0., 1., (2, 3))",
        "cat([zeros(2, 3), ones(1, 3)])",
        "stack([arange(3), arange(3)], dim=1)",
        "arange(24).view(2, 3, 4).permute(2, 0, 1)",
        "arange(24).view(2, 3, 4).transpose(0, 2).contiguous()",
        "arange(24).reshape(4, 6)[1:, ::2]",
        "arange(24).view(2, 3, 4)[..., -1]",
        "arange(24).view(2, 3, 4)[None, 1, :, 2:]",
        "arange(3).expand(4, 3)",
        "arange(3)[:, None].expand(3, 4) * 2 - 1",
        "arange(5).unfold(0, 3, 1)",
        "rand(3, 4).flatten()",
        "eye(3) @ rand(3, 2)",
        "arange(6).view(2, 3).max(1)",
        "arange(6).view(2, 3).max(1).indices",
        "arange(6).view(2, 3).float().mean(0, keepdim=True)",
        "arange(6) / 2",
        "arange(6) // 2 + True",
        "ones(2, dtype=torch.float16) + ones(2, dtype=torch.bfloat16)",
        "ones(2, dtype=bfloat16) / 3",
        "ones(2, dtype=torch.int8) + 1.5",
        "(arange(6) > 2).sum()",
        "randint(0, 10, (2, 3))",
        "randperm(6)",
        "tensor([[1, 2], [3, 4.5]])",
        "tensor(3.5)",
        "zeros(0, 3)",
        "full((2, 2), 7)",
        "where(arange(4) > 1, 1.0, 0)",
        "arange(6).view(2, 3).T",
        "arange(24).view(2, 3, 4).flip(0, 2)",
        "zeros(1, 2, 1).squeeze().unsqueeze(-1)",
        "softmax(arange(4.), 0)",
        "zeros(2, 3).size(0) + 3 * zeros(2)",
        "torch.pi * ones(2)",
    ],
)
def test_a_line_is_what_torch_makes_of_it(text: str):
    assert isinstance(agrees(text), TensorResult)


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("arange(24).view(2, 3, 4).permute(2, 0, 1).view(-1)", "pad-view-strides", ".view(-1)"),
        (
            "normal(mean=0.5, std=arange(1, 6))",
            "pad-normal-integers",
            "normal(mean=0.5, std=arange(1, 6))",
        ),
        ("normal(arange(3), 1.0)", "pad-normal-integers", "normal(arange(3), 1.0)"),
        ("tensor([[1, 2], [3]])", "pad-rows", "tensor([[1, 2], [3]])"),
        ("tensor([[[1], [2]], [[3], [4, 5]]])", "pad-rows", "tensor([[[1], [2]], [[3], [4, 5]]])"),
        ("arange(6).view(4)", "pad-view-size", ".view(4)"),
        ("arange(6).view(-1, 4)", "pad-view-unknown", ".view(-1, 4)"),
        ("arange(6).reshape(-1, -1)", "pad-two-unknown", ".reshape(-1, -1)"),
        ("arange(6).view(2, -3)", "pad-negative-size", ".view(2, -3)"),
        ("arange(6)[::-1]", "pad-negative-step", "[::-1]"),
        ("arange(6)[::0]", "pad-step-zero", "[::0]"),
        ("arange(6)[6]", "pad-index", "[6]"),
        ("arange(6)[1, 2]", "pad-many-indices", "[1, 2]"),
        ("zeros(2, 3) + zeros(2)", "pad-broadcast", "zeros(2, 3) + zeros(2)"),
        ("zeros(2, 3) @ zeros(2, 3)", "pad-matmul", "zeros(2, 3) @ zeros(2, 3)"),
        ("zeros(2, 2) @ zeros(3)", "pad-matmul-vector", "zeros(2, 2) @ zeros(3)"),
        ("zeros(2) @ zeros(3)", "pad-matmul-vector", "zeros(2) @ zeros(3)"),
        ("arange(3) @ ones(3)", "pad-matmul-dtypes", "arange(3) @ ones(3)"),
        ("cat([zeros(2, 2), zeros(3, 3)])", "pad-cat-sizes", None),
        ("cat([zeros(2), zeros(3, 3)])", "pad-cat-axes", None),
        ("stack([zeros(2), zeros(3)])", "pad-stack-sizes", None),
        ("cat(zeros(2))", "pad-cat-list", None),
        ("zeros(2, 3).sum(2)", "pad-dimension", ".sum(2)"),
        ("zeros(2, 3).transpose(0, -3)", "pad-dimension", ".transpose(0, -3)"),
        ("zeros(2, 3).permute(0)", "pad-permute-count", ".permute(0)"),
        ("zeros(2, 3).permute(0, 0)", "pad-permute-twice", ".permute(0, 0)"),
        ("zeros(2, 3).expand(2, 4)", "pad-expand", ".expand(2, 4)"),
        ("zeros(2, 3).expand(3)", "pad-expand-axes", ".expand(3)"),
        ("arange(3).mean()", "pad-mean-integers", ".mean()"),
        ("arange(0, 5, -1)", "pad-step-sign", None),
        ("normal(0., -arange(3.))", "pad-normal-std", None),
        ("normal(0., 1.)", "pad-normal-size", None),
        ("zeros(0).max()", "pad-nothing", ".max()"),
        ("zeros(-2)", "pad-negative-size", None),
        ("zeros()", "pad-arguments", None),
    ],
)
def test_torchs_refusals_are_explained_at_their_place(text: str, code: str, part: str | None):
    found = agrees(text)
    assert isinstance(found, Refusal)
    assert found.said
    assert found.fault.code == code
    assert text[slice(*found.span)] == (part or text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("zeros(10**9, 10)", "pad-too-large"),
        ("zeros(10**12, 10**12)", "pad-too-large"),
        ("arange(1e18)", "pad-too-large"),
        ("zeros(tensor(4000000000))", "pad-too-large"),
        ("full([tensor(4000000000), tensor(9)], 1.0)", "pad-too-large"),
        ("linspace(0, 1, steps=tensor(4000000000))", "pad-too-large"),
        ("eye(tensor(10**6))", "pad-too-large"),
        ("ones(2).repeat(tensor(4000000000))", "pad-too-large"),
        ("eye(10**6)", "pad-too-large"),
        ("linspace(0, 1, 10**10)", "pad-too-large"),
        ("zeros(3).repeat(10**8, 2)", "pad-too-large"),
        ("zeros(1).expand(10**9)", "pad-too-large"),
        ("zeros(1000, 1) + zeros(1000)", "pad-too-large"),
        ("arange(1000.).outer(arange(1000.))", "pad-too-large"),
        ("zeros(1000).diag()", "pad-too-large"),
        ("randn(512, 512) @ randn(512, 512)", "pad-too-much-work"),
        ("9**9**9", "pad-number-too-large"),
        ("(-1)**(10**18) * 2**62 * 2", "pad-number-too-large"),
        ("[0] * 10**9", "pad-no-operand"),
        ("1 / 0", "pad-division-by-zero"),
        ("(-1)**0.5", "pad-complex"),
        ("ones(2)[ones(2)]", "pad-index-kind"),
        ("[zeros(2), ones(2)]", "pad-several"),
    ],
)
def test_what_would_fill_the_memory_or_never_end_is_refused_first(text: str, code: str):
    found = run(text)
    assert isinstance(found, Refusal)
    assert (found.fault.code, found.said) == (code, "")


def test_the_sum_of_a_float_does_not_move_the_engines_own_random_numbers():
    torch.manual_seed(3)
    wanted = torch.rand(4)
    torch.manual_seed(3)
    run("rand(100)")
    assert torch.equal(torch.rand(4), wanted)


def test_nobody_waiting_ends_it():
    line = parse("zeros(3) + 1")
    assert isinstance(line, Line)
    assert run_line(line, 0, lambda: True) is None


def test_plain_values_are_written_as_python_does():
    assert run("zeros(2, 3).shape").text == "[2, 3]"
    assert run("zeros(2, 3).stride()").text == "[3, 1]"
    assert run("zeros(2, 3).t().is_contiguous()").text == "False"
    assert run("ones(2).double().dtype").text == "torch.float64"


# ------------------------------------------------------------------------- random lines

size = st.integers(0, 4)
axis = st.integers(-4, 3)
makers = st.one_of(
    st.lists(size, min_size=1, max_size=4).map(lambda s: f"rand({', '.join(map(str, s))})"),
    st.lists(size, min_size=1, max_size=3).map(lambda s: f"randint(-9, 9, {s})"),
    st.integers(0, 24).map(lambda n: f"arange({n})"),
    st.tuples(st.integers(-3, 3), st.integers(-3, 9)).map(lambda n: f"linspace({n[0]}, 4, {n[1]})"),
    st.sampled_from(["eye(3)", "tensor(2)", "tensor([1.5, 2])", "arange(12).view(3, 4)"]),
)
part = st.one_of(
    st.integers(-4, 4).map(str),
    st.tuples(*[st.one_of(st.just(""), st.integers(-4, 4).map(str))] * 3).map(":".join),
    st.sampled_from(["None", "...", ":", "::2", "1:"]),
)
numbers = st.lists(st.integers(-1, 4), min_size=1, max_size=4).map(lambda n: ", ".join(map(str, n)))
tails = st.one_of(
    numbers.map(lambda n: f".view({n})"),
    numbers.map(lambda n: f".reshape({n})"),
    numbers.map(lambda n: f".expand({n})"),
    numbers.map(lambda n: f".repeat({n})"),
    st.permutations([0, 1, 2]).map(lambda p: f".permute({', '.join(map(str, p))})"),
    st.lists(axis, max_size=3).map(lambda p: f".permute({p})"),
    st.tuples(axis, axis).map(lambda a: f".transpose({a[0]}, {a[1]})"),
    st.tuples(axis, axis).map(lambda a: f".flatten({a[0]}, {a[1]})"),
    st.tuples(
        st.sampled_from(
            [
                "squeeze",
                "unsqueeze",
                "sum",
                "mean",
                "max",
                "amax",
                "argmax",
                "std",
                "cumsum",
                "softmax",
                "sort",
            ]
        ),
        axis,
    ).map(lambda a: f".{a[0]}({a[1]})"),
    st.lists(part, min_size=1, max_size=3).map(lambda p: f"[{', '.join(p)}]"),
    st.sampled_from([".contiguous()", ".t()", ".flatten()", ".sum()", ".mean()", ".max()"]),
    st.sampled_from(
        [".float()", ".to(torch.int16)", ".double()", ".bool()", ".half()", ".clone()"]
    ),
    st.tuples(axis, st.integers(0, 3), st.integers(0, 3)).map(
        lambda u: f".unfold({u[0]}, {u[1]}, {u[2]})"
    ),
)
chains = st.tuples(makers, st.lists(tails, max_size=3)).map(lambda t: t[0] + "".join(t[1]))
lines = st.one_of(
    chains,
    st.tuples(
        chains, st.sampled_from(["+", "-", "*", "/", "//", "**", "@", ">", "=="]), chains
    ).map(" ".join),
    st.tuples(chains, st.sampled_from(["+ 2", "* 0.5", "/ 2", "> 1", "// 2"])).map(" ".join),
    st.tuples(st.sampled_from(["cat", "stack"]), chains, chains, axis).map(
        lambda c: f"{c[0]}([{c[1]}, {c[2]}], {c[3]})"
    ),
)
UNEXPLAINED = ("pad-torch", "pad-arguments")


@settings(max_examples=150, deadline=None)
@given(lines)
def test_random_lines_are_what_torch_makes_of_them(text: str):
    agrees(text)


@settings(max_examples=80, deadline=None)
@given(
    st.tuples(makers, st.lists(tails, max_size=2), tails).map(
        lambda t: (t[0] + "".join(t[1]), t[2])
    )
)
def test_sizes_axes_and_indices_that_torch_refuses_have_an_explanation(line: tuple[str, str]):
    before, tail = line
    if isinstance(in_python(before), Exception):
        return
    shaped = ("view", "reshape", "expand", "permute", "transpose", "squeeze", "unsqueeze", "sum")
    if tail.startswith(("[", *(f".{name}" for name in shaped))):
        found = agrees(before + tail)
        if isinstance(found, Refusal):
            assert found.fault.code not in UNEXPLAINED, (before + tail, found)
