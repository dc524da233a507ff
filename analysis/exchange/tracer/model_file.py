"""The person's file, or a module that can be imported, as a Python module."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .import_folders import package_root, put_after_standard_library, repository_root
from .raised import running
from .refusal import Refused

OTHER_NAME = "opened_package"


def load(request: Mapping[str, Any]) -> Any:
    """Import the file (as part of its package, if it has one) or the named module."""
    if request["module"] is not None:
        sys.argv = [request["module"]]
        put_after_standard_library(Path.cwd())
        return running(lambda: importlib.import_module(request["module"]))
    path = Path(request["file"])
    sys.argv = [str(path)]  # what a script that reads its arguments finds: none
    root = package_root(path)
    put_after_standard_library(root)
    if (above := repository_root(path)) is not None and str(above) not in sys.path:
        sys.path.append(str(above))  # last: only what nothing else brings comes from there
    parts = [*path.parent.relative_to(root).parts, path.stem]
    if len(parts) > 1:
        return running(lambda: _import_part(root, parts), path)
    name = path.stem if path.stem.isidentifier() and path.stem not in sys.modules else "opened_file"
    specification = importlib.util.spec_from_file_location(name, path)
    if specification is None or specification.loader is None:
        raise Refused("model-none")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    loader = specification.loader
    running(lambda: loader.exec_module(module), path)
    return module


def _import_part(root: Path, parts: list[str]) -> Any:
    """Import a file as a part of its package.

    Where Python finds another package of that name (`test`, `torch`), this one gets a name of ours.
    """
    top = root / parts[0]
    found = importlib.util.find_spec(parts[0])
    if found is None or str(top) not in (found.submodule_search_locations or ()):
        parts = [OTHER_NAME, *parts[1:]]
        package = types.ModuleType(OTHER_NAME)
        package.__path__ = [str(top)]
        sys.modules[OTHER_NAME] = package
    return importlib.import_module(".".join(parts))
