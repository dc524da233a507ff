"""Means of painting that know no network: text, device pixels, hatches, outlines."""
