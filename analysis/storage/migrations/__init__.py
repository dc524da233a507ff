"""What brings documents of older versions up to date: one file a step, one row each."""
