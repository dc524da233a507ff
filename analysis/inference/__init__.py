"""Runs networks on images: decoding, the engine, feature maps as pictures, shares of skips."""
