"""Reading image files: the promised formats only, of any size, in bounded memory."""
