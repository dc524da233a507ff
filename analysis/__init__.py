"""Analyses networks without Qt: graphs, shapes, costs, receptive fields, inference, import."""
