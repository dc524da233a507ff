"""Questions with new numbers each time; the engine computes what is right."""
