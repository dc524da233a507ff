"""Text on screen: translations, names of operators and blocks, numbers, sentences of faults."""
