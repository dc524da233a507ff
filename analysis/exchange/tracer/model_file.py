"""The person's file, or a module that can be imported, as a Python module."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .limits import is_full
from .refusal import Refused, last_line


def load(request: Mapping[str, Any]) -> Any:
    """Import the file (as part of its package, if it has one) or the named module."""
    if request["module"] is not None:
        sys.path.insert(0, str(Path.cwd()))
        return running(lambda: importlib.import_module(request["module"]))
    path = Path(request["file"])
    root, parts = path.parent, [path.stem]
    while (root / "__init__.py").is_file():
        parts.insert(0, root.name)
        root = root.parent
    sys.path.insert(0, str(root))
    if len(parts) > 1:
        return running(lambda: importlib.import_module(".".join(parts)))
    name = path.stem if path.stem.isidentifier() and path.stem not in sys.modules else "opened_file"
    specification = importlib.util.spec_from_file_location(name, path)
    if specification is None or specification.loader is None:
        raise Refused("model-none")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    loader = specification.loader
    running(lambda: loader.exec_module(module))
    return module


def running(action: Callable[[], Any]) -> Any:
    """Let the person's code run; whatever it raises is what we answer."""
    try:
        return action()
    except BaseException as error:
        if is_full(error):
            raise MemoryError from error
        raise Refused("model-raised", last_line(error)) from error
