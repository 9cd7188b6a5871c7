"""Where the files shipped in ``resources/`` are: in a wheel, an editable install or a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def resource(*parts: str) -> Path:
    """Return the path of a shipped file, such as ``resource("samples", "mcycle.csv")``.

    Raises
    ------
    FileNotFoundError
        When the installation lacks it.
    """
    for folder in (_PACKAGE / "resources", _PACKAGE.parent / "resources"):
        path = folder.joinpath(*parts)
        if path.exists():
            return path
    message = f"the installation lacks resources/{'/'.join(parts)}"
    raise FileNotFoundError(message)
