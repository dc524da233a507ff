"""The charts of Train as widgets, and what of a log they show."""
