"""The sub-commands of `fieldglass`: every analysis of the window, without a screen."""
