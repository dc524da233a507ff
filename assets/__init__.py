"""What the program carries with it: icons, fonts, colours, sample weights, translations.

Nothing here is code the program runs. `importlib.resources.files("assets")` finds the files, from a
checkout as from an installed wheel.
"""
