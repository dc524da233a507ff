"""Networks from elsewhere: a model's Python file becomes a graph and its weights."""
