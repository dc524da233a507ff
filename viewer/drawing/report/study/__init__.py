"""The report of a study: its figures, one HTML file and one PDF."""
