"""A training in a process of its own: what it is told, what it tells, how it is continued."""
