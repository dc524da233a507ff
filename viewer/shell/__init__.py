"""The window: docks, bars, menus, commands, notices, and what is dropped on it."""
