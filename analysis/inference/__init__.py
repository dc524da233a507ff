"""Running a network on an image: decoding, the engine, maps as pictures, what skips contribute."""
