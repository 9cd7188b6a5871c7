"""The most memory that this process has had resident since it was last asked, on Linux."""

import re
from pathlib import Path

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def reset() -> int:
    """Forget the peak so far; return the bytes that are resident now."""
    _CLEAR.write_text("5")
    return _field("VmRSS")


def peak() -> int:
    """Return the most bytes that were resident since :func:`reset`."""
    return _field("VmHWM")


def _field(name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", _STATUS.read_text(), re.MULTILINE)
    assert found
    return int(found[1]) * 1024
