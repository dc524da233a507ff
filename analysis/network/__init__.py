"""TODO-docstring."""

from analysis.network.interpreter import Cancelled, Network, NodeError, Prefix

__all__ = ["Cancelled", "Network", "NodeError", "Prefix"]
