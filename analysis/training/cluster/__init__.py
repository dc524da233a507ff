"""A sweep on a Ray cluster: each twin is a trial of Ray Tune."""
