"""Runs a study's shards: in processes of this machine, or on a Ray cluster."""
