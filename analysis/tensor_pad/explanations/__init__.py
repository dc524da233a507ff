"""Says why torch refuses an operation.

torch's words are shown beside it, and differ between versions; what is said here does not.
"""
