"""Rules about where things lie: off their own place, beside each other, past the end."""
