"""Widgets that panels share; they know nothing of networks."""

from viewer.controls.choice import Choice, SnugChoice
from viewer.controls.elided_label import ElidedLabel
from viewer.controls.error_strip import ErrorStrip
from viewer.controls.flow_layout import FlowLayout
from viewer.controls.form_rows import (
    Field,
    Section,
    align_labels,
    keep_shown,
    labelled,
    line,
)
from viewer.controls.later_answer import is_answered_later, mark_answered_later
from viewer.controls.list_box import ListBox
from viewer.controls.number_box import NumberBox, RealBox
from viewer.controls.number_slider import NumberSlider
from viewer.controls.opaque_surface import OpaqueSurface
from viewer.controls.panel_layout import lay_out_panel, vertical_scroll
from viewer.controls.panel_title import PanelTitle, TitleTabs
from viewer.controls.search_field import SearchField
from viewer.controls.segmented import Segmented
from viewer.controls.size_box import SizeBox

__all__ = [
    "Choice",
    "ElidedLabel",
    "ErrorStrip",
    "Field",
    "FlowLayout",
    "ListBox",
    "NumberBox",
    "NumberSlider",
    "OpaqueSurface",
    "PanelTitle",
    "RealBox",
    "SearchField",
    "Section",
    "Segmented",
    "SizeBox",
    "SnugChoice",
    "TitleTabs",
    "align_labels",
    "is_answered_later",
    "keep_shown",
    "labelled",
    "lay_out_panel",
    "line",
    "mark_answered_later",
    "vertical_scroll",
]
