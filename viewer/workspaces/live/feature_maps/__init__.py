"""The panel that shows the channels of the selected layer."""
