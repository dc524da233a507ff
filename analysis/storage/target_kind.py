"""Names what a target can be: a mask of labels, or a picture."""

from typing import Literal

TargetKind = Literal["mask", "picture"]
