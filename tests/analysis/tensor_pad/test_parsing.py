"""Lines are read by a grammar of their own; what is not in it is refused with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.tensor_pad.expression import Call, Line, Number, Operation
from analysis.tensor_pad.functions import FUNCTIONS
from analysis.tensor_pad.limits import LONGEST
from analysis.tensor_pad.parsing import parse
from analysis.tensor_pad.refusal import Refusal


def refusal(text: str) -> Refusal:
    read = parse(text)
    assert isinstance(read, Refusal), read
    return read


def test_a_call_behind_a_call():
    read = parse("  torch.randn(1, 2).view(-1)")
    assert isinstance(read, Line)
    call = read.expression
    assert isinstance(call, Call)
    assert (call.name, call.span) == ("view", (2, 28))
    assert isinstance(call.receiver, Call)
    assert call.receiver.arguments == (Number(1, (14, 15)), Number(2, (17, 18)))
    assert isinstance(call.arguments[0], Operation)


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("", "pad-empty", ""),
        ("__import__('os')", "pad-unknown", "__import__"),
        ("zeros(3).__class__", "pad-unknown", "zeros(3).__class__"),
        ("(lambda: zeros(3))()", "pad-not-allowed", "(lambda: zeros(3))()"),
        ("[x for x in zeros(3)]", "pad-not-allowed", "[x for x in zeros(3)]"),
        ("zeros('3')", "pad-not-allowed", "'3'"),
        ("zeros(*[3])", "pad-not-allowed", "*[3]"),
        ("zeros(3) if 1 else 2", "pad-not-allowed", "zeros(3) if 1 else 2"),
        ("zeros(3)[[0, 1]]", "pad-not-allowed", "[0, 1]"),
        ("1 < 2 < 3", "pad-not-allowed", "1 < 2 < 3"),
        ("torch.load(3)", "pad-unknown-near", "torch.load"),
        ("zeros(3).add_(1)", "pad-unknown-near", "zeros(3).add_"),
        ("zero(3)", "pad-unknown-near", "zero"),
        ("zeros(2, out=ones(2))", "pad-keyword", "out=ones(2)"),
        ("zeros(2, device=1)", "pad-keyword", "device=1"),
        ("zeros(**3)", "pad-keyword", "**3"),
        ("view(3)", "pad-method-only", "view"),
        ("ones(2).cat(3)", "pad-function-only", "ones(2).cat"),
        ("zeros(3).sum", "pad-without-brackets", "zeros(3).sum"),
        ("zeros(3", "pad-unclosed", "("),
        ("zeros(3))", "pad-syntax", ")"),
        ("x = 3", "pad-assignment", "="),
        ("zeros(3); 4", "pad-syntax", ";"),
        ("zeros(3)\nones(2)", "pad-sign", "\n"),
        ("zeros(π)", "pad-sign", "π"),
        (f"{1 << 70}", "pad-number-too-large", f"{1 << 70}"),
        ("-" * 300 + "1", "pad-too-many-steps", None),
        ("(" * 300 + "1" + ")" * 190, "pad-too-deep", None),
        ("[" * 90 + "1" + "]" * 90, "pad-too-deep", None),
        ("+".join("1" * 70), "pad-too-many-steps", None),
        ("1" * 501, "pad-line-too-long", "1"),
    ],
)
def test_what_is_no_line_says_what_and_where(text: str, code: str, part: str | None):
    found = refusal(text)
    assert found.fault.code == code
    assert found.said == ""
    if part is not None:
        assert text[slice(*found.span)] in (part, text)


def test_signs_of_chinese_keyboards_are_taken_for_their_own():
    plain, other = parse("arange(6)[1:4]*2"), parse("arange（6）［1：4］×2")
    assert isinstance(plain, Line)
    assert isinstance(other, Line)
    assert other.expression == plain.expression


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str):
    read = parse(text)
    if isinstance(read, Refusal):
        assert 0 <= read.span[0] <= read.span[1] <= max(len(text), LONGEST)


PIECES = [
    "torch.",
    *FUNCTIONS,
    "(",
    ")",
    "[",
    "]",
    ",",
    ".",
    ":",
    "-1",
    "2",
    "=",
    "dim",
    "...",
    "*",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_pieces_of_lines_in_any_order_are_read_or_refused(text: str):
    assert isinstance(parse(text), Line | Refusal)
