"""Child processes that run nothing of the folders a person happens to work in."""
