"""Holds a package back that a program loads, so that what is done meanwhile is done without it."""

import sys
import threading
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType


class HeldBack(MetaPathFinder):
    """Found as ever, but loaded only once :meth:`let_go` was called; whoever asks for it before then waits.

    Parameters
    ----------
    name : str
        Of the package.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._allowed = threading.Event()
        sys.meta_path.insert(0, self)

    def let_go(self) -> None:
        """Let it be loaded."""
        self._allowed.set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find the package where it is, with a loader that waits."""
        if fullname != self.name:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Patient(spec.loader, self._allowed)
        return spec


class _Patient(Loader):
    def __init__(self, loader: Loader, allowed: threading.Event) -> None:
        self._loader, self._allowed = loader, allowed

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._allowed.wait()
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
