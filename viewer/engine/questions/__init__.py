"""What a window asks the engine about its newest picture, one kind of question a file."""
