"""The words of the review: what is remarked, why, what would do, and why a rule was not tried."""
