"""The desktop app: windows, panels, pictures. It runs no torch of its own."""
