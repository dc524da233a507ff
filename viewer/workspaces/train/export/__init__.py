"""What is taken out of a training: weights, pictures, reports, recipes."""
