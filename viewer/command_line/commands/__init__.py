"""The sub-commands of `fieldglass`, one a file; each has `run(arguments)`."""
