"""The folders from which a person's file imports: its own, its package's, its repository's root."""

from __future__ import annotations

import ast
import importlib.util
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

MOST_FILES = 60
"""Of a repository that are looked through for their imports."""
MOST_FOLDERS = 8
"""Above the file that are tried as the root of its repository."""


@dataclass
class Imports:
    """What a file imports: dotted names of modules, and files by relative imports.

    `levels` is how many folders up these reach: 1 is the file's own, 0 is that there are none.
    """

    modules: set[str] = field(default_factory=set)
    beside: set[Path] = field(default_factory=set)
    levels: int = 0


def put_after_standard_library(folder: Path) -> None:
    """Let modules of a folder be found before installed packages, after Python's own.

    A file `signal.py` beside a model takes no name of the standard library's.
    """
    packages = {sysconfig.get_paths()[key] for key in ("purelib", "platlib")}
    at = next((i for i, each in enumerate(sys.path) if each in packages), len(sys.path))
    if str(folder) not in sys.path:
        sys.path.insert(at, str(folder))


def package_root(path: Path) -> Path:
    """The folder from which the file is imported as a part of its package, if it has one.

    A package is told by its `__init__.py`, or by imports such as `from ..parts import x`.
    """
    root = path.parent
    while (root / "__init__.py").is_file():
        root = root.parent
    levels = imports_of(path).levels
    if levels and len(path.parents) > levels:
        relative = path.parents[levels]
        return relative if root.is_relative_to(relative) else root
    return root


def repository_root(path: Path) -> Path | None:
    """The nearest folder, from the file's own upwards, in which most of its missing imports are.

    Those of the files that it imports count too. None where no folder has any.
    """
    missing = [each for each in _reached(path) if not _is_found(each)]
    best: tuple[int, Path] | None = None
    for folder in _folders_above(path):
        found = sum(_holds(folder, each) for each in missing)
        if found and (best is None or found > best[0]):
            best = (found, folder)
    return best[1] if best else None


def imports_of(path: Path) -> Imports:
    """The imports in a file's text; none where it is no Python."""
    found = Imports()
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return found
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.modules.update(each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            found.levels = max(found.levels, node.level)
            if node.module and node.level <= len(path.parents):
                place = path.parents[node.level - 1].joinpath(*node.module.split("."))
                found.beside.add(_source(place))
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.modules.add(node.module)
    return found


def _folders_above(path: Path) -> Iterator[Path]:
    """Up to the one that holds a `.git`, or the person's own folder, or the system's."""
    for folder in list(path.parents)[:MOST_FOLDERS]:
        if folder in (Path.home(), Path(folder.anchor)):
            return
        yield folder
        if (folder / ".git").exists():
            return


def _reached(path: Path) -> set[str]:
    """The modules that a file imports, and those that the files so found import in turn."""
    seen: set[Path] = set()
    names: set[str] = set()
    waiting = [path]
    while waiting and len(seen) < MOST_FILES:
        file = waiting.pop()
        if file in seen:
            continue
        seen.add(file)
        imports = imports_of(file)
        new = imports.modules - names
        names |= new
        waiting.extend([*imports.beside, *_files(path, new)])
    return names


def _files(path: Path, modules: Iterable[str]) -> Iterator[Path]:
    """The files of these modules in the nearest folder above the file that has them."""
    for name in modules:
        for folder in _folders_above(path):
            if _holds(folder, name) and name.partition(".")[0] not in sys.stdlib_module_names:
                yield _source(folder.joinpath(*name.split(".")))
                break


def _holds(folder: Path, module: str) -> bool:
    """Whether a folder has a module of that dotted name."""
    place = folder.joinpath(*module.split("."))
    if place.with_name(f"{place.name}.py").is_file():
        return True
    return place.is_dir() and (
        (place / "__init__.py").is_file() or any(place.glob("*.py")) or any(place.glob("*/*.py"))
    )


def _source(place: Path) -> Path:
    """The file of a module that lies at `place`, be it a file or a folder."""
    file = place.with_name(f"{place.name}.py")
    return file if file.is_file() else place / "__init__.py"


def _is_found(module: str) -> bool:
    """Whether its first name can be imported as things are; nothing of it is run."""
    top = module.partition(".")[0]
    if top in sys.modules or top in sys.stdlib_module_names:
        return True
    try:
        return importlib.util.find_spec(top) is not None
    except (ImportError, ValueError):
        return False
