"""What several sub-commands share: arguments, models, answers, refusals."""
