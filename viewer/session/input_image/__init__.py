"""The picture that runs through the network, and where the next ones come from."""
