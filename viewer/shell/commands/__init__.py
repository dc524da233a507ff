"""The commands of the window: their rows, menus, keys and the command palette."""

from viewer.shell.commands.commands import Commands

__all__ = ["Commands"]
