"""The table of workspaces, and which panels each of them has.

The code of a panel is loaded when the panel is made.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from viewer.session import Session
from viewer.session.workspace import Workspaces
from viewer.shell.docks import Docks
from viewer.workspaces.arithmetic.workspace import ARITHMETIC
from viewer.workspaces.build.workspace import BUILD
from viewer.workspaces.live.workspace import LIVE
from viewer.workspaces.receptive_fields.workspace import RECEPTIVE_FIELDS

if TYPE_CHECKING:
    from viewer.shell.window import Window

WORKSPACES: Workspaces[Session, object] = Workspaces((BUILD, RECEPTIVE_FIELDS, ARITHMETIC, LIVE))
"""In the order of their tabs."""


def plan_panels(docks: Docks, window: Window) -> None:
    """Tell the docks how the panels of all workspaces are made, in the order of their need."""
    docks.plan("left", "live", partial(_image, window))
    docks.plan("right", "live", partial(_skips, window))
    docks.plan("bottom", "live", partial(_feature_maps, window))
    docks.plan("right", "fields", partial(_field, window))
    docks.plan("bottom", "fields", partial(_field_chart, window))
    docks.plan("left", "build", partial(_blueprints, window))
    docks.plan("right", "build", partial(_inspector, window))
    docks.plan("bottom", "build", partial(_layers, window))
    docks.plan("left", "arithmetic", partial(_case, window))
    docks.plan("right", "arithmetic", partial(_relationship, window))
    docks.plan("bottom", "arithmetic", partial(_stage, window))


def _image(window: Window) -> QWidget:
    from viewer.workspaces.live.image.panel import ImagePanel

    panel = ImagePanel(window.session)
    panel.imageChosen.connect(window.opener.open_sample)
    panel.openAsked.connect(window.commands.open_file)
    return panel


def _skips(window: Window) -> QWidget:
    from viewer.workspaces.live.skips.panel import SkipsPanel

    return SkipsPanel(window.session)


def _feature_maps(window: Window) -> QWidget:
    from viewer.workspaces.live.feature_maps.panel import FeatureMapsPanel

    return FeatureMapsPanel(window.session)


def _field(window: Window) -> QWidget:
    from viewer.workspaces.receptive_fields.unit.panel import FieldPanel

    panel = FieldPanel(window.session)
    panel.maskAsked.connect(window.commands.exports.ask_mask)
    panel.files.told.connect(window.notice.tell)
    return panel


def _field_chart(window: Window) -> QWidget:
    from viewer.workspaces.receptive_fields.layers.panel import FieldChart

    panel = FieldChart(window.session)
    panel.files.told.connect(window.notice.tell)
    return panel


def _case(window: Window) -> QWidget:
    from viewer.workspaces.arithmetic.case.panel import CasePanel

    panel = CasePanel(window.arithmetic.model)
    panel.layerAsked.connect(window.arithmetic.take_apart)
    panel.channelAsked.connect(window.arithmetic.show_channel)
    return panel


def _relationship(window: Window) -> QWidget:
    from viewer.workspaces.arithmetic.relationship.panel import RelationshipPanel

    return RelationshipPanel(window.arithmetic.model)


def _stage(window: Window) -> QWidget:
    from viewer.workspaces.arithmetic.stage.panel import StagePanel

    panel = StagePanel(window.arithmetic.model, window.arithmetic.player)
    panel.exportAsked.connect(lambda: _export_animation(window))
    return panel


def _export_animation(window: Window) -> None:
    from viewer.workspaces.arithmetic.export.dialog import ExportDialog

    dialog = ExportDialog(window.arithmetic.model, window.background, window)
    dialog.told.connect(window.notice.tell)
    dialog.open()


def _blueprints(window: Window) -> QWidget:
    from viewer.workspaces.build.blueprints.panel import BlueprintsPanel

    return BlueprintsPanel(window.session)


def _inspector(window: Window) -> QWidget:
    from viewer.workspaces.build.inspector.panel import InspectorPanel

    panel = InspectorPanel(window.session)
    panel.arithmeticAsked.connect(window.arithmetic.take_apart)
    return panel


def _layers(window: Window) -> QWidget:
    from viewer.workspaces.build.layers.panel import LayersPanel

    return LayersPanel(window.session)
