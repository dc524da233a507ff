"""Presentations as files: PDF pages, films, one animated SVG."""
