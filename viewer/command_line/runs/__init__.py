"""What `fieldglass run` makes: files of outputs and maps, and runs in tiles."""
