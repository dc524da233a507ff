"""What the review remarks, as cards in the bottom dock of Build."""
