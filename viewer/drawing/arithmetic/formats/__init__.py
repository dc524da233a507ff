"""What writes an animation, one file a format; the rows are in `viewer.drawing.files.formats`."""
