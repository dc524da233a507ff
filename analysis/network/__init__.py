"""The interpreter that runs any graph in torch, with weights and gates."""

from analysis.network.interpreter import Cancelled, Network, NodeError
from analysis.network.prefix import Prefix

__all__ = ["Cancelled", "Network", "NodeError", "Prefix"]
