"""Theme, style sheet, colours, fonts and icons."""
