"""Tells a file that has no room left from one that is refused for another reason."""

from __future__ import annotations

import errno

NO_ROOM = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
"""Disk full, file too large for it, and quota used up, which not every system knows."""


def is_full(error: OSError) -> bool:
    """Whether there is no room for what was to be written."""
    return error.errno in NO_ROOM
