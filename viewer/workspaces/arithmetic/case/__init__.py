"""The panel that sets the case: presets, kernel, stride, padding, values."""
