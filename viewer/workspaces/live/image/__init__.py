"""The panel of the input picture: source, noise, samples."""
