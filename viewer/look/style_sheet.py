"""Writes the Qt style sheet of the whole program from the tokens of the mode in use."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QTemporaryDir

from viewer.look.theme import theme
from viewer.look.tokens import Mode, tokens

ICONS = {
    "up": ("chevron-up", "text"),
    "down": ("chevron-down", "text"),
    "down-off": ("chevron-down", "border"),
    "up-off": ("chevron-up", "border"),
    "right": ("chevron-right", "muted"),
    "tick": ("check", "onaccent"),
    "dash": ("minus", "onaccent"),
}

SHEET = """
* { outline: none; }
QMainWindow, QDialog { background: $window; }
QWidget { color: $text; selection-background-color: $accent; selection-color: $onaccent; }
QWidget:disabled { color: $ctl; }
QMainWindow::separator { background: $border; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }
QSplitter::handle { background: $border; }
QDockWidget { border: none; }
QStatusBar { background: $surface; color: $muted; border-top: 1px solid $border;
    font-size: 12px; min-height: 27px; max-height: 27px; }
QStatusBar::item { border: none; }
QToolTip { background: $surface; color: $text; border: 1px solid $border; padding: 4px 8px;
    font-size: 12px; }

/* Roles: a widget says what it is by the dynamic property `role`. */
QWidget[role="panel"] { background: $surface; }
QWidget[role="canvas"] { background: $canvas; }
QFrame[role="line"] { background: $border; border: none; min-height: 1px; max-height: 1px; }
QFrame[role="upright"] { background: $border; border: none; max-width: 1px; }
QFrame[role="column-line"] { background: $border; border: none; min-width: 1px; max-width: 1px; }
QFrame[role="card"] { background: $surface; border: 1px solid $border; border-radius: 6px; }
QFrame[role="strip"] { background: $surface; border: none; border-bottom: 1px solid $border; }
QFrame[role="floating-panel"] { background: $surface; border: none;
    border-right: 1px solid $border; }
QFrame[role="error-card"] { background: $errbg; border: none; border-radius: 6px; }
QFrame[role="part"] { background: transparent; border: none; }
QFrame[role="part"][selected="true"] { background: $accentbg; }
QFrame[role="notice"] { background: $accentbg; border: none; border-radius: 6px; }
QFrame[role="warning-card"] { background: $warnbg; border: none; border-radius: 6px; }
QWidget[role="title"] { background: $surface; border-bottom: 1px solid $border; }
QLabel { background: transparent; }
QLabel[textFormat="AutoText"], QToolTip { qproperty-textFormat: PlainText; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="small"] { color: $muted; font-size: 12px; }
QLabel[role="caption"] { color: $muted; font-size: 11px; }
QLabel[role="section"] { color: $muted; font-size: 11px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="heading"] { font-size: 15px; font-weight: 600; }
QLabel[role="big"] { font-size: 22px; font-weight: 600; }
QLabel[role="big-field"] { color: $field; font-size: 22px; font-weight: 600; }
QLabel[role="field"] { color: $field; font-weight: 600; font-size: 12px; }
QLabel[role="error"] { color: $error; }
QLabel[role="error-title"] { color: $error; font-weight: 600; }
QLabel[role="warning"] { color: $warn; }
QLabel[role="ok"] { color: $ok; }
QLabel[role="adds"] { color: $pos; font-weight: 600; }
QLabel[role="subtracts"] { color: $neg; font-weight: 600; }
QLabel[role]:disabled { color: $ctl; }
QLabel[role="pill"] { background: $warnbg; color: $warn; border-radius: 11px; padding: 0 8px;
    min-height: 22px; max-height: 22px; font-size: 12px; }
QLabel[role="code"] { background: $sunken; border-radius: 5px; padding: 8px;
    font-family: "DejaVu Sans Mono"; font-size: 11px; }
QLabel[role="key"] { background: $sunken; color: $muted; border: 1px solid $border;
    border-radius: 3px; padding: 0 4px; font-size: 11px; }

/* Buttons */
QPushButton { background: $surface; border: 1px solid $ctl; border-radius: 5px;
    padding: 0 11px; min-height: 26px; max-height: 26px; }
QPushButton:hover { background: $sunken; }
QPushButton:pressed, QPushButton:checked { background: $accentbg; }
QPushButton:focus { border: 2px solid $accent; padding: 0 10px;
    min-height: 24px; max-height: 24px; }
QPushButton:disabled { border-color: $border; color: $ctl; }
QPushButton[folded="true"] { padding: 4px 11px; max-height: 16000000px; text-align: left; }
QPushButton[folded="true"]:focus { padding: 3px 10px; max-height: 16000000px; }
QPushButton[role="small"] { padding: 0 8px; min-height: 22px; max-height: 22px; font-size: 12px; }
QPushButton[role="small"]:checked { background: $accent; border-color: $accent; color: $onaccent; }
QPushButton[role="small"]:focus { padding: 0 7px; min-height: 20px; max-height: 20px; }
QPushButton[role="primary"] { background: $accent; border-color: $accent; color: $onaccent;
    font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accenthover; }
QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="primary"]:disabled { background: $border; border-color: $border; color: $ctl; }
QPushButton[role="link"] { background: transparent; border: none; color: $accent; padding: 0 2px; }
QPushButton[role="link"]:hover { text-decoration: underline; }
QPushButton[role="link"]:focus { border: 2px solid $accent; padding: 0; }
QPushButton[role="tab"] { background: transparent; border: none; color: $muted; padding: 0 6px;
    min-height: 28px; max-height: 28px; }
QPushButton[role="tab"]:hover { color: $text; }
QPushButton[role="tab"]:checked { color: $text; font-weight: 600; }
QPushButton[role="tab"][wrong="true"] { color: $error; }
QPushButton[role="tab"]:focus { border: 2px solid $accent; padding: 0 4px;
    min-height: 24px; max-height: 24px; }
QPushButton[role="row"] { background: transparent; border: none; border-radius: 5px;
    padding: 0; text-align: left; min-height: 0; max-height: 16000000px; }
QPushButton[role="row"]:hover { background: $sunken; }
QPushButton[role="row"]:checked { background: $accentbg; }
QPushButton[role="row"]:focus { border: 2px solid $accent; }
QPushButton[role="menu"] { padding-right: 28px; }
QPushButton::menu-indicator { image: url($icon-down); width: 14px; height: 14px;
    subcontrol-origin: border; subcontrol-position: center right; right: 8px; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 5px;
    padding: 3px; min-width: 20px; min-height: 20px; }
QToolButton:hover { background: $sunken; }
QToolButton:pressed, QToolButton:checked { background: $accentbg; }
QToolButton:focus { border: 2px solid $accent; padding: 2px; }
QToolButton[role="inline"], QLineEdit > QToolButton { padding: 0; min-width: 0; min-height: 0;
    border: none; border-radius: 3px; }
QToolButton[role="inline"]:focus { border: 2px solid $accent; }
QToolButton[role="control"] { background: $surface; border-color: $ctl; }
QToolButton[role="control"]:hover { background: $sunken; }
QToolButton[role="control"]:checked { background: $accentbg; }
QToolButton[role="menu"] { background: $surface; border-color: $ctl; padding: 2px 24px 2px 8px; }
QToolButton[role="menu"]:hover { background: $sunken; }
QToolButton[role="menu"]:focus { border: 2px solid $accent; padding: 1px 23px 1px 7px; }
QToolButton::menu-indicator { image: none; }
QToolButton[role="menu"]::menu-indicator { image: url($icon-down); width: 14px; height: 14px;
    subcontrol-origin: border; subcontrol-position: center right; right: 6px; }

/* One of few: joined buttons */
QFrame[role="segments"] { background: $surface; border: 1px solid $ctl; border-radius: 5px; }
QFrame[role="segments"]:disabled { border-color: $border; }
QPushButton[role="segment"] { background: transparent; border: none; border-radius: 0;
    border-right: 1px solid $border; color: $muted; padding: 0 8px;
    min-height: 26px; max-height: 26px; }
QPushButton[role="segment"]:hover { color: $text; }
QPushButton[role="segment"]:checked { background: $accentbg; color: $text; font-weight: 600; }
QPushButton[role="segment"]:disabled { color: $ctl; }
QPushButton[role="segment"][place="first"] { border-top-left-radius: 4px;
    border-bottom-left-radius: 4px; }
QPushButton[role="segment"][place="last"] { border-right: none; border-top-right-radius: 4px;
    border-bottom-right-radius: 4px; }
QPushButton[role="segment"][place="only"] { border-right: none; border-radius: 4px; }
QPushButton[role="segment"]:focus { border: 2px solid $accent; padding: 0 7px;
    min-height: 22px; max-height: 22px; }
QPushButton[role="segment"][tight="true"] { padding: 0 3px; }
QPushButton[role="segment"][tight="true"]:focus { padding: 0 2px; }

/* Fields to type in */
QLineEdit, QAbstractSpinBox, QComboBox { background: $surface; border: 1px solid $ctl;
    border-radius: 5px; min-height: 26px; max-height: 26px; padding: 0 8px; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $muted; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border: 2px solid $accent;
    min-height: 24px; max-height: 24px; padding: 0 7px; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { border-color: $border;
    color: $ctl; }
QLineEdit[wrong="true"], QAbstractSpinBox[wrong="true"], QComboBox[wrong="true"] {
    border-color: $error; }
QPlainTextEdit, QTextEdit { background: $surface; border: 1px solid $ctl; border-radius: 5px; }
QAbstractSpinBox { padding: 0; }
QAbstractSpinBox:focus { padding: 0; }
QAbstractSpinBox QLineEdit { border: none; padding: 0 7px; background: transparent; }
QComboBox QLineEdit { border: none; padding: 0; background: transparent; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: border;
    width: 22px; height: 14px; border: none; background: transparent; }
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
QAbstractSpinBox::up-arrow { image: url($icon-up); width: 14px; height: 14px;
    margin: 1px 4px 0 0; }
QAbstractSpinBox::down-arrow { image: url($icon-down); width: 14px; height: 14px;
    margin: 0 4px 1px 0; }
QAbstractSpinBox::up-arrow:disabled, QAbstractSpinBox::up-arrow:off {
    image: url($icon-up-off); }
QAbstractSpinBox::down-arrow:disabled, QAbstractSpinBox::down-arrow:off {
    image: url($icon-down-off); }
QComboBox { padding: 0 4px 0 8px; }
QComboBox:focus { padding: 0 3px 0 7px; }
QComboBox::drop-down { subcontrol-origin: border; subcontrol-position: center right;
    width: 22px; border: none; }
QComboBox::down-arrow { image: url($icon-down); width: 14px; height: 14px; }
QComboBox::down-arrow:disabled { image: url($icon-down-off); }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $border; padding: 4px;
    selection-background-color: $accentbg; selection-color: $text; }
QComboBox QAbstractItemView::item { min-height: 26px; padding: 0 4px; }

/* Ticks and dots */
QCheckBox, QRadioButton { spacing: 8px; min-height: 24px; background: transparent; }
QCheckBox::indicator, QRadioButton::indicator { width: 14px; height: 14px;
    border: 1px solid $ctl; background: $surface; }
QCheckBox::indicator { border-radius: 3px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent;
    image: url($icon-tick); }
QCheckBox::indicator:indeterminate { background: $accent; border-color: $accent;
    image: url($icon-dash); }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 6px; height: 6px; }
QCheckBox:focus, QRadioButton:focus { border: 2px solid $accent; border-radius: 5px; }

/* Sliders and progress */
QSlider { min-height: 24px; background: transparent; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $border; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -6px 0; border-radius: 8px;
    border: 1px solid $accent; background: $surface; }
QSlider::handle:horizontal:hover { background: $accentbg; }
QSlider::handle:horizontal:focus { border: 2px solid $accent; width: 12px; height: 12px; }
QSlider::sub-page:horizontal:disabled { background: $ctl; }
QSlider::handle:horizontal:disabled { border-color: $ctl; }
QSlider:focus { border: 2px solid $accent; border-radius: 5px; }
QProgressBar { background: $border; border: none; border-radius: 2px; min-height: 4px;
    max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

/* Lists, trees and tables */
QAbstractScrollArea { background: $surface; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QAbstractItemView { alternate-background-color: $sunken; gridline-color: $grid;
    selection-background-color: $accentbg; selection-color: $text; }
QTreeView, QTableView, QListView { font-size: 12px; border: 2px solid transparent;
    show-decoration-selected: 1; }
QTreeView::item, QTableView::item, QListView::item { min-height: 25px; padding: 0 8px;
    border-bottom: 1px solid $grid; }
QTreeView::item:hover, QListView::item:hover { background: $sunken; }
QTreeView::item:selected, QTableView::item:selected, QListView::item:selected {
    background: $accentbg; color: $text; }
QTreeView::branch { background: $surface; border-bottom: 1px solid $grid; }
QTreeView::branch:hover { background: $sunken; }
QTreeView::branch:selected { background: $accentbg; }
QTreeView::branch:has-children:closed { image: url($icon-right); }
QTreeView::branch:has-children:open { image: url($icon-down); }
QTreeView:focus, QTableView:focus, QListView:focus { border-color: $accent; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section { background: $surface; color: $muted; border: none;
    border-bottom: 1px solid $border; padding: 0 8px; min-height: 30px; font-size: 11px;
    font-weight: 600; }
QTableCornerButton::section { background: $surface; border: none; }

/* Scroll bars */
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $border; border-radius: 3px; margin: 2px; }
QScrollBar::handle:hover { background: $ctl; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }

/* Tabs and menus */
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $muted; border: none; padding: 0 16px;
    min-height: 41px; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; font-weight: 600; border-bottom: 2px solid $accent; }
QTabBar:focus { border: 2px solid $accent; border-radius: 5px; }
QTabWidget::pane { border: none; }
QMenuBar { background: transparent; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 5px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $accentbg; }
QMenu { background: $surface; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: $accentbg; }
QMenu::item:disabled { color: $ctl; }
QMenu::icon { padding-left: 8px; }
QMenu#recent { icon-size: 64px; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QMenu::indicator { width: 14px; height: 14px; margin-left: 8px; }

/* The window's own pieces */
QToolButton#find, QToolButton#chip { background: $surface; color: $muted; padding: 0 10px;
    border: 1px solid $border; border-radius: 5px; min-height: 26px; max-height: 26px; }
QToolButton#chip { color: $text; }
QToolButton#find:hover, QToolButton#chip:hover { border-color: $ctl; background: $sunken; }
QToolButton#find:focus, QToolButton#chip:focus { border: 2px solid $accent; padding: 0 9px; }
QToolButton#play, QToolButton[role="play"] { background: $accent; border: none;
    border-radius: 18px; padding: 0;
    min-width: 36px; max-width: 36px; min-height: 36px; max-height: 36px; }
QToolButton#play:hover, QToolButton[role="play"]:hover { background: $accenthover; }
QToolButton#play:focus, QToolButton[role="play"]:focus { border: 2px solid $text;
    min-width: 32px; max-width: 32px;
    min-height: 32px; max-height: 32px; }
QToolButton[role="play"]:disabled { background: $border; }
QToolButton#step { border: none; color: $text; padding: 0 6px; border-radius: 5px;
    min-height: 24px; max-height: 24px; }
QToolButton#step:hover { background: $accentbg; }
QFrame#notice { background: $surface; border: 1px solid $border; border-radius: 6px; }
QFrame#notice[kind="error"] { background: $errbg; border-color: $error; }
QFrame#notice[kind="warn"], QFrame#notice[kind="question"] { background: $warnbg;
    border-color: $warn; }
"""


def style_sheet() -> str:
    """The style sheet for the mode in use; `QApplication.setStyleSheet` takes it."""
    return _sheet(theme.mode)


@lru_cache(maxsize=2)
def _sheet(mode: Mode) -> str:
    colours = tokens()[mode]
    names = {f"icon-{name}": _coloured(svg, colours[at]) for name, (svg, at) in ICONS.items()}
    names |= colours
    names["accenthover"] = "#174FB0" if mode == "light" else "#8DB6FF"
    sheet = SHEET
    for name in sorted(names, key=len, reverse=True):
        sheet = sheet.replace(f"${name}", names[name])
    return sheet


@lru_cache(maxsize=1)
def _folder() -> QTemporaryDir:
    """Style sheets read pictures from files only: coloured icons live here while we run."""
    return QTemporaryDir()


def _coloured(name: str, colour: str) -> str:
    """Path of icon `name` in `colour`, with the slashes a style sheet wants."""
    text = files("assets").joinpath(f"icons/{name}.svg").read_text(encoding="utf-8")
    path = Path(_folder().path()) / f"{name}-{colour[1:]}.svg"
    path.write_text(text.replace("currentColor", colour), encoding="utf-8")
    return path.as_posix()
