"""Makes Python identifiers of names that people and models gave, whatever these hold."""

from __future__ import annotations

import builtins
import unicodedata
from collections.abc import Collection
from keyword import iskeyword, issoftkeyword

LONGEST = 60
OF_MODULES = frozenset(
    """
    T_destination add_module append apply bfloat16 buffers call_super_init children
    clear compile cpu cuda double dump_patches eval extend extra_repr float forward
    get_buffer get_extra_state get_parameter get_submodule half insert ipu items
    keys load_state_dict modules mtia named_buffers named_children named_modules
    named_parameters parameters pop register_backward_hook register_buffer
    register_forward_hook register_forward_pre_hook register_full_backward_hook
    register_full_backward_pre_hook register_load_state_dict_post_hook
    register_load_state_dict_pre_hook register_module register_parameter
    register_state_dict_post_hook register_state_dict_pre_hook requires_grad_
    set_extra_state set_submodule share_memory state_dict to to_empty train training
    type update values xpu zero_grad
    """.split()  # noqa: SIM905 - eighty names, to be read
)
"""Attributes of `nn.Module`, `nn.Sequential` and `nn.ModuleDict`, which no layer may be called."""
OF_THE_FILE = frozenset(
    (
        "Path",
        "OrderedDict",
        "F",
        "TYPES",
        "build",
        "fix",
        "json",
        "nn",
        "read_weights",
        "self",
        "torch",
    )
)
"""Names that the written file gives to other things."""


def identifier(
    text: str,
    taken: Collection[str] = (),
    refused: Collection[str] = (),
    spare: str = "layer",
) -> str:
    """An identifier as near to `text` as can be, none of `taken` and none of `refused`.

    Letters of every script stay; it neither begins with an underscore nor is a keyword.
    """
    # Python compares identifiers in this normal form, and torch compares names as they are
    plain = unicodedata.normalize("NFKC", text[: 4 * LONGEST])
    kept = "".join(each if f"a{each}".isidentifier() else "_" for each in plain)
    kept = unicodedata.normalize("NFKC", kept)[:LONGEST].strip("_")
    if not kept.isidentifier():
        kept = f"{spare}{'_' if kept and not kept[0].isdecimal() else ''}{kept}"
    if not kept.isidentifier():
        kept = spare
    other = iskeyword(kept) or issoftkeyword(kept) or kept in refused
    return unused(f"{kept}_" if other else kept, taken)


def child_name(text: str, taken: Collection[str]) -> str:
    """The name of a layer inside another: an identifier, or the number that it has in a list."""
    if text.isascii() and text.isdecimal() and len(text) < 6 and text not in taken:
        return text
    return identifier(text, taken, OF_MODULES)


def unused(name: str, taken: Collection[str]) -> str:
    """`name`, or `name` with the first number that makes it none of `taken`."""
    if name not in taken:
        return name
    return next(made for i in range(2, len(taken) + 3) if (made := f"{name}{i}") not in taken)


def class_name(title: str) -> str:
    """`UNet4Levels` for `U-Net, 4 levels`; a class is called like nothing else in the file."""
    words = "".join(each if each.isalnum() else " " for each in title[:LONGEST]).split()
    joined = "".join(word[:1].upper() + word[1:] for word in words)
    return identifier(joined, (), OF_THE_FILE | frozenset(dir(builtins)), "Network")


def comment_text(text: str) -> str:
    """`text` as it may stand in a comment or a docstring: one line that can end neither."""
    safe = "".join(c if c.isprintable() and c not in "\"'\\#" else " " for c in text[:200])
    return " ".join(safe.split())
