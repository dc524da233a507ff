"""The dialog that exports an animation or picture of the case."""
