"""The functions of all standard ONNX operators that are read, by their names."""

from __future__ import annotations

from collections.abc import Mapping

from .call import Function
from .elementwise import ELEMENTWISE
from .normalisation import NORMALISATION
from .products import PRODUCTS
from .reductions import REDUCTIONS
from .resampling import RESAMPLING
from .shapes import SHAPES
from .windows import WINDOWS

OPERATORS: Mapping[str, Function] = {
    **WINDOWS,
    **NORMALISATION,
    **ELEMENTWISE,
    **SHAPES,
    **REDUCTIONS,
    **PRODUCTS,
    **RESAMPLING,
}
