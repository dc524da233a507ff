"""The client of the engine process: requests, answers, supervision."""
