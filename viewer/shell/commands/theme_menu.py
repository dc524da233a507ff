"""The menus Theme and Language: one of several, ticked, remembered."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from viewer.look.theme import Choice, theme
from viewer.session.command import Offer
from viewer.shell.settings import Settings
from viewer.text import languages
from viewer.text.translation import language, mark, say, tr

THEMES: tuple[tuple[Choice, str], ...] = (
    ("light", mark("Light")),
    ("dark", mark("Dark")),
    ("system", mark("System")),
)


class ThemeMenu:
    """Adds both menus to the menu View."""

    def __init__(self, owner: QWidget, menu: QMenu, settings: Settings) -> None:
        self._owner = owner
        self._settings = settings
        self._themes = self._group(menu, mark("Theme"), THEMES, self.use_theme)
        self._languages = self._group(
            menu,
            mark("Language"),
            tuple((row.code, row.name) for row in languages.LANGUAGES),
            self.use_language,
        )
        self._tick()

    def _group(
        self,
        menu: QMenu,
        title: str,
        choices: tuple[tuple[str, str], ...],
        use: Callable[[str], None],
    ) -> QActionGroup:
        inner = QMenu(self._owner)
        say(self._owner, inner.setTitle, title)
        group = QActionGroup(self._owner)
        for value, text in choices:
            action = group.addAction("")
            say(self._owner, action.setText, text)
            action.setCheckable(True)
            action.setData(value)
            inner.addAction(action)
        group.triggered.connect(lambda action: use(action.data()))
        menu.addMenu(inner)
        return group

    def offers(self) -> list[Offer]:
        """Each choice with its name in full, for the command palette: `Theme: Dark`.

        English words find it too, in case someone is lost in a language they do not read.
        """
        english: dict[str, str] = {value: f"Theme: {text}" for value, text in THEMES}
        english |= {row.code: f"Language: {row.english}" for row in languages.LANGUAGES}
        groups = ((tr("Theme"), self._themes), (tr("Language"), self._languages))
        return [
            Offer(f"{title}: {action.text()}", "", action.trigger, english[action.data()])
            for title, group in groups
            for action in group.actions()
        ]

    def _tick(self) -> None:
        for group, used in ((self._themes, theme.choice), (self._languages, language.code)):
            for action in group.actions():
                action.setChecked(action.data() == used)

    def use_theme(self, choice: str) -> None:
        """Light, dark, or as the system says."""
        chosen = next(value for value, _ in THEMES if value == choice)
        theme.use(chosen)
        self._settings.theme = chosen
        self._tick()

    def use_language(self, code: str) -> None:
        """Switch the words on screen."""
        language.use(code)
        self._settings.language = code
        self._tick()
