"""The names of the controls that a lesson can point at, and of the workspaces it can open.

The window gives its widgets these names; a test holds this table against it.
"""

from __future__ import annotations

WORKSPACES = ("build", "fields", "arithmetic", "live", "train", "learn")
CONTROLS = (
    "arithmetic.kind.conv",
    "arithmetic.kind.transposed",
    "arithmetic.kind.pool",
    "arithmetic.mode.max",
    "arithmetic.mode.average",
    "arithmetic.input",
    "arithmetic.kernel",
    "arithmetic.stride",
    "arithmetic.padding",
    "arithmetic.dilation",
    "arithmetic.output-padding",
    "arithmetic.backward",
    "arithmetic.step-on",
    "arithmetic.step-back",
    "build.skips.without",
    "build.skips.with",
    "fields.theoretical",
    "fields.effective",
    "fields.both",
    "live.noise",
    "live.all-off",
    "live.reset",
    "lesson.copy",
    "pad.line",
    "recipe.batch",
    "recipe.initialisation",
    "recipe.learning_rate",
    "recipe.optimiser",
    "recipe.steps",
    "train.play",
    "train.step",
)
"""Widgets by their name in the window."""
WITH_A_NAME = (
    "block",
    "unit",
    "workspace",
    "build.setting",
    "build.blueprint",
    "live.skip-off",
    "live.solo",
)
"""Controls that are told by a further word: `block enc1`, `workspace live`,
`build.setting depth`, `build.blueprint unet`."""


def is_control(text: str) -> bool:
    """Whether the words name a control; which blocks there are only the window can tell."""
    name, *rest = text.split()
    if name == "workspace":
        return len(rest) == 1 and rest[0] in WORKSPACES
    return len(rest) == 1 if name in WITH_A_NAME else not rest and name in CONTROLS
