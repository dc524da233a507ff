"""Code shared by sub-commands: arguments, models, answers, refusals."""
