"""TODO-docstring."""

from analysis.graph.graph import Edge, Graph, GraphError, Node

__all__ = ["Edge", "Graph", "GraphError", "Node"]
