"""Stores settings between runs: theme, language, recent files, window state."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

from PySide6.QtCore import QByteArray, QSettings

from analysis.storage import path_check
from viewer.look.theme import Choice
from viewer.text.translation import system_language

RECENT = 12


class Settings:
    """Typed access to QSettings; every value is read with its type (a file holds only text)."""

    def __init__(self) -> None:
        self._store = QSettings("Fieldglass", "Fieldglass")

    @property
    def theme(self) -> Choice:
        value = str(self._store.value("theme", "system", type=str))
        return cast(Choice, value) if value in ("light", "dark", "system") else "system"

    @theme.setter
    def theme(self, choice: Choice) -> None:
        self._store.setValue("theme", choice)

    @property
    def language(self) -> str:
        return str(self._store.value("language", system_language(), type=str))

    @language.setter
    def language(self, code: str) -> None:
        self._store.setValue("language", code)

    @property
    def device(self) -> str:
        """What torch calls the device that runs networks; auto takes the fastest."""
        return str(self._store.value("device", "auto", type=str))

    @device.setter
    def device(self, name: str) -> None:
        self._store.setValue("device", name)

    @property
    def precision(self) -> str:
        """The number format that networks run in; auto takes the fastest within tolerance."""
        return str(self._store.value("precision", "auto", type=str))

    @precision.setter
    def precision(self, name: str) -> None:
        self._store.setValue("precision", name)

    @property
    def welcomed(self) -> bool:
        """Whether the card of the first launch has been put away."""
        return bool(self._store.value("welcomed", False, type=bool))

    @welcomed.setter
    def welcomed(self, done: bool) -> None:
        self._store.setValue("welcomed", done)

    @property
    def figure(self) -> dict[str, object]:
        """The options of the figure exported last, as plain values; empty before the first."""
        try:
            plain = json.loads(str(self._store.value("figure", "", type=str)) or "{}")
        except ValueError:
            return {}
        return plain if isinstance(plain, dict) else {}

    @figure.setter
    def figure(self, plain: dict[str, object]) -> None:
        self._store.setValue("figure", json.dumps(plain))

    def recent(self) -> list[str]:
        """Files opened or saved, the latest first, those that are gone left out."""
        known = cast("list[str]", self._store.value("recent", [], type=list)) or []
        return [path for path in known if path_check.exists(path)]

    def remember(self, path: str) -> None:
        """Put a file at the head of the recent ones."""
        full = str(Path(path).resolve())
        kept = [known for known in self.recent() if known != full]
        self._store.setValue("recent", [full, *kept][:RECENT])

    def forget_recent(self) -> None:
        """Empty the list of recent files, with how their models were made."""
        self._store.remove("recent")
        self._store.remove("calls")

    def call_of(self, path: str) -> str:
        """The call by which a file's model was opened last; empty where it needed none."""
        return self._calls().get(str(Path(path).resolve()), "")

    def remember_call(self, path: str, call: str) -> None:
        """Keep by which call a file's model was opened, for the latest files."""
        full = str(Path(path).resolve())
        calls = {known: text for known, text in self._calls().items() if known != full}
        if call:
            calls[full] = call
        kept = dict([*calls.items()][-RECENT:])
        self._store.setValue("calls", json.dumps(kept))

    def _calls(self) -> dict[str, str]:
        try:
            plain = json.loads(str(self._store.value("calls", "", type=str)) or "{}")
        except ValueError:
            return {}
        found = plain.items() if isinstance(plain, dict) else ()
        return {path: text for path, text in found if isinstance(text, str)}

    def text_of(self, name: str) -> str:
        """A text that a workspace keeps under a name; empty where there is none."""
        return str(self._store.value(f"workspaces/{name}", "", type=str))

    def keep_text(self, name: str, text: str) -> None:
        """Keep a text of a workspace's under a name."""
        self._store.setValue(f"workspaces/{name}", text)

    def bytes(self, key: str) -> QByteArray | None:
        """A saved window geometry or state."""
        value = self._store.value(f"window/{key}")
        return value if isinstance(value, QByteArray) else None

    def keep_bytes(self, key: str, value: QByteArray) -> None:
        """Save a window geometry or state."""
        self._store.setValue(f"window/{key}", value)
