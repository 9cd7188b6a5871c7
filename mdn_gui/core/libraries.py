"""Which versions of the libraries made a fit."""

import platform
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from mdn_gui import __version__

_NAMED = ("tensorflow", "tensorflow-probability", "numpy", "scipy", "scikit-learn")


@cache
def library_versions() -> Mapping[str, str]:
    """Return the versions by name, those of this program and of Python among them; what is not installed is left out.

    None of them is imported for it.
    """
    from importlib.metadata import PackageNotFoundError, version  # it loads the modules of electronic mail

    found = {"mdn-gui": __version__, "python": platform.python_version()}
    for name in _NAMED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return MappingProxyType(found)
