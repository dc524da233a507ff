"""`import fieldglass` in a notebook or script: show a PyTorch model in the window, or report on it.

>>> import fieldglass
>>> fieldglass.show(model, x)      # doctest: +SKIP
>>> fieldglass.report(model, x)    # doctest: +SKIP

Nothing of Qt is imported here, and torch only where a model is given.
"""

from .reported import Report, report
from .shown import ShowError, Shown, show

__all__ = ["Report", "ShowError", "Shown", "report", "show"]
