"""What a network is given: values of an image, and of further inputs from files."""

from analysis.inference.network_input.picture import as_input, mixed

__all__ = ["as_input", "mixed"]
