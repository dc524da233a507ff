"""The desktop program: windows, panels and pictures. It never imports torch."""
