"""How `fieldglass study` is listened to and stopped: at a terminal, and by the window."""
