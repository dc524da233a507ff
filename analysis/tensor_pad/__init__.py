"""One line about tensors, read by a grammar of our own and run with torch's own operators.

Reading it and the table of what may be called need no torch; only `evaluation` does, in the
engine. Nothing of a line is ever evaluated as Python.
"""
