"""The engine with the rows of the toys in its tables: PROGRAM MODULE PIPE RING DEVICE."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path


def main(path: str, module: str, *arguments: str) -> None:
    """Add the rows, then run `module` as the program at `path` would."""
    spec = importlib.util.spec_from_file_location("program", path)
    assert spec is not None
    assert spec.loader is not None
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    program.make_package_known()
    sys.path.append(str(Path(__file__).parent))

    import toy_measure
    import toy_question

    from analysis.inference.measures import table
    from analysis.inference.protocol import questions

    table.MEASURES = (*table.MEASURES, toy_measure.ROW)
    questions.QUESTIONS = (*questions.QUESTIONS, toy_question.KIND)
    importlib.import_module(module).main(*arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
