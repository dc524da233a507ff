"""Training networks of ours."""
