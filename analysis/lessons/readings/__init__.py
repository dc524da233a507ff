"""What a lesson can read of the session, by name: arithmetic, network, screen, training."""
