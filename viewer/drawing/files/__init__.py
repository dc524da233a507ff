"""Writers of pictures: SVG, PDF and PNG."""
