"""Runs a study's shards on a Ray cluster, one engine actor a device."""
