"""Stores documents as files, and weights and images by the hash of their content."""
