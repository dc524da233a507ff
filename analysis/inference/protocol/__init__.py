"""Messages between the window and the engine process, one subject a file."""
