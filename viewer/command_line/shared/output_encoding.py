"""Prints in any output encoding: characters that it lacks are written as `\\u230a`."""

from __future__ import annotations

import codecs
import io
import json
import sys

_NAME = "fieldglass-escape"


def use_any_encoding() -> None:
    """From now on nothing that is printed can fail to be encoded.

    The escapes are JSON's, so that an answer in JSON stays the same answer.
    """
    codecs.register_error(_NAME, _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_NAME)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end
