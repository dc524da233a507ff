"""The network as a graph of flat operators, and blocks as a view of it."""

from analysis.graph.graph import Edge, Graph, GraphError, Node

__all__ = ["Edge", "Graph", "GraphError", "Node"]
