"""Recorded calls that no operator of ours stands for."""
