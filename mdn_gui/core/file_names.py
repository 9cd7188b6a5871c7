"""Names of files without their folders, which are nobody else's business."""

import re
from pathlib import PurePosixPath, PureWindowsPath


def file_name(path: str) -> str:
    """Return the name of a file without its folder; what is no absolute path stays as it is."""
    return re.split(r"[/\\]", path)[-1] if _is_absolute(path) else path


def _is_absolute(path: str) -> bool:
    return PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()
