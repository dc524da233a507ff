"""What a lesson can read of the session, each by its name: of the arithmetic, network, screen."""
