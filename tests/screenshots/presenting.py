"""Renews `assets/screenshots/presenting.gif`: two minutes of a lecture in thirty saved steps.

`python -m tests.screenshots.presenting [FILE]`. Each step is a row: its name, and what it changes
of the one before, in the words of a lesson's settings. The window presents and exports them itself.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.benchmarks.real_window import RealWindow, open_window
from viewer.session import Session
from viewer.session.edits import presentation_steps
from viewer.workspaces.learn.session_state import Sources, change_state

SIZE = (1280, 720)
FILE = Path(__file__).parents[2] / "assets" / "screenshots" / "presenting.gif"
BARE = "panels_hidden=on bottom_folded=on"
PANELS = "panels_hidden=off bottom_folded=on"
CONVOLUTION = "in=5 kernel=3 padding=1 stride=2"
Step = tuple[str, dict[str, str]]
PARTS: tuple[Step, ...] = (
    ("A U-Net", {"workspace": "build", "view": BARE, "select": "none"}),
    ("The encoder goes down: smaller maps, more channels", {"select": "enc1"}),
    ("Half the side, twice the channels", {"select": "enc2"}),
    ("And again", {"select": "enc3"}),
    ("The bottleneck: all that goes through the middle", {"select": "bottleneck"}),
    ("The decoder goes up", {"select": "dec3"}),
    ("Back to full size", {"select": "dec1"}),
    ("A block is convolution, normalisation, activation", {"view": PANELS}),
)
FIELDS: tuple[Step, ...] = (
    ("What one unit sees", {"workspace": "fields", "view": PANELS, "pin": "enc1.act1 128 128"}),
    ("Two convolutions: five pixels", {"pin": "enc1.act2 128 128"}),
    ("One level down", {"pin": "enc2.act2 64 64"}),
    ("Two levels down", {"pin": "enc3.act2 32 32"}),
    ("The bottleneck sees far", {"pin": "bottleneck.act2 8 8"}),
    ("But not every pixel counts alike", {"view": f"{PANELS} field_view=effective"}),
    ("The last map joins far and near", {"pin": "dec1.act2 128 128",
                                         "view": f"{PANELS} field_view=both"}),
)  # fmt: skip
SKIPS: tuple[Step, ...] = (
    ("What each skip adds", {"workspace": "live", "view": PANELS, "pin": "none",
                             "select": "none"}),
    ("Without skip 1 detail is gone", {"gates": "skip1=0"}),
    ("Skip 1 alone", {"gates": "skip2=0 skip3=0 skip4=0"}),
    ("No skip at all: a blur", {"gates": "skip1=0 skip2=0 skip3=0 skip4=0"}),
    ("Half open", {"gates": "skip1=0.5"}),
    ("All open", {"gates": "open"}),
    ("All maps of a layer", {"select": "enc2", "view": "panels_hidden=off bottom_folded=off"}),
)  # fmt: skip
NUMBERS: tuple[Step, ...] = (
    ("A convolution by hand", {"workspace": "arithmetic", "case": "in=4 kernel=3",
                               "view": f"{PANELS} arithmetic.canvas=off"}),
    ("Padding and stride", {"case": CONVOLUTION}),
    ("The same backwards", {"view": f"{PANELS} arithmetic.canvas=off arithmetic.backward=on"}),
    ("A transposed convolution", {"case": "kind=transposed in=3 kernel=3 stride=2",
                                  "view": f"{PANELS} arithmetic.canvas=off "
                                          "arithmetic.backward=off"}),
    ("A tensor in memory", {"workspace": "learn", "pad": "torch.arange(24).view(2, 3, 4)",
                            "view": "panels_hidden=off bottom_folded=off"}),
    ("Turned without moving a number", {"pad": "torch.arange(12).view(3, 4).T"}),
    ("A thousand random numbers", {"pad": "torch.randn(1000)",
                                   "view": "panels_hidden=off bottom_folded=off "
                                           "tensor_pad.shown=histogram"}),
    ("Now try it yourself", {"workspace": "live", "select": "none", "view": BARE}),
)  # fmt: skip
STEPS = (*PARTS, *FIELDS, *SKIPS, *NUMBERS)


def save_steps(real: RealWindow) -> None:
    """Set what each step shows, and save it as one."""
    session: Session = real.window.session
    sources = Sources(session.document)
    session.set_view(panels_hidden=False)
    for place, (name, settings) in enumerate(STEPS):
        change_state(session, name, settings, sources)
        real.rest(0.1)
        presentation_steps.add(session, None)
        presentation_steps.rename(session, place, name)


def main(path: Path) -> None:
    """Save the steps, have them shown and written, and say how large the file is."""
    real = open_window()
    real.window.resize(*SIZE)
    real.settle()
    list(real.window.docks.make_all())
    save_steps(real)
    focused = real.app.focusWidget()
    if focused is not None:
        focused.clearFocus()  # no frame about the canvas: nobody is at the keyboard
    export = real.window.presenting.export
    export.write(str(path))
    while export.runs:
        real.rest(0.2)
    real.close()
    print(f"{path.name}: {len(STEPS)} steps, {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FILE)
