"""What answers questions about a last run, one file a question; measures and maps have rooms."""
