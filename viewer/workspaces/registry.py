"""The table of workspaces. A new one is a folder beside this file and a row here."""

from __future__ import annotations

from viewer.session import Session
from viewer.session.workspace import Workspaces
from viewer.workspaces.arithmetic.workspace import ARITHMETIC
from viewer.workspaces.build.workspace import BUILD
from viewer.workspaces.learn.workspace import LEARN
from viewer.workspaces.live.workspace import LIVE
from viewer.workspaces.receptive_fields.workspace import RECEPTIVE_FIELDS
from viewer.workspaces.services import Services
from viewer.workspaces.train.workspace import TRAIN

WORKSPACES: Workspaces[Session, Services] = Workspaces(
    (BUILD, RECEPTIVE_FIELDS, ARITHMETIC, LIVE, TRAIN, LEARN)
)
"""In the order of their tabs."""
