"""How kernels are compiled: without the interpreter lock, and kept on disk so that it happens once.

Words used here: a *kernel* is a function that numba compiles to machine code. Importing this module loads
numba, so only the modules that hold kernels do, and those are imported when the first voxel is read.

Numba compiles a kernel anew when the file changes that it stands in. But a kernel also holds copies of the
small kernels and of the constants that it takes from other modules, and would go on with old ones. So its
compiled form lies in a folder whose name is made from the text of all of them.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import sys
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar, cast

import numba
import platformdirs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["kernel"]

Function = TypeVar("Function", bound="Callable[..., object]")

_IMPORT = re.compile(r"^\s*from (voxshelf[\w.]*) import", re.MULTILINE)
_DIGEST_LENGTH = 12
_choosing_folder = Lock()


def kernel(*signatures: str, inline: bool = False) -> Callable[[Function], Function]:
    """Compile a function with numba, ``nogil`` and kept on disk.

    The compiled form lies beside the source or, where that folder cannot be written, in the user's cache
    folder, or else in the system's temporary folder; ``NUMBA_CACHE_DIR`` comes before all of them. Division
    follows the processor: a kernel must not divide integers by zero.

    Parameters
    ----------
    *signatures : str
        Argument types in numba's notation; given, the function is compiled (or loaded) at once, without
        them at its first call.
    inline : bool
        For a small function that only kernels call: it becomes a part of each caller.
    """
    types = list(signatures) or None

    def decorate(function: Function) -> Function:
        if inline:
            return cast("Function", numba.njit(nogil=True, error_model="numpy", forceinline=True)(function))
        with _kept_in(_folder_for(function.__module__)):
            return cast("Function", numba.njit(types, nogil=True, cache=True, error_model="numpy")(function))

    return decorate


@contextmanager
def _kept_in(folder: Path) -> Iterator[None]:
    """Have numba keep the kernels that are decorated meanwhile in this folder."""
    with _choosing_folder:
        before = numba.config.CACHE_DIR  # type: ignore[attr-defined]
        numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
        try:
            yield
        finally:
            numba.config.CACHE_DIR = before  # type: ignore[attr-defined]


@cache
def _folder_for(module: str) -> Path:
    """The folder for the kernels of a module in its present state; those of its former states are removed."""
    digest = hashlib.sha256(b"".join(sorted(_texts(module, {}).values()))).hexdigest()
    base = _base_folder()
    folder = base / f"{module}-{digest[:_DIGEST_LENGTH]}"
    if not folder.is_dir():
        for former in base.glob(f"{module}-{'?' * _DIGEST_LENGTH}"):
            shutil.rmtree(former, ignore_errors=True)
        folder.mkdir(exist_ok=True)
    return folder


def _texts(module: str, found: dict[str, bytes]) -> dict[str, bytes]:
    """The source of a module, and of all of this package that it imports, by name."""
    spec = getattr(sys.modules.get(module), "__spec__", None) or importlib.util.find_spec(module)
    if module not in found and spec is not None and spec.origin is not None:
        found[module] = Path(spec.origin).read_bytes()
        for imported in _IMPORT.findall(found[module].decode()):
            _texts(imported, found)
    return found


@cache
def _base_folder() -> Path:
    """The first of the possible folders that can be written."""
    chosen = numba.config.CACHE_DIR  # type: ignore[attr-defined]
    candidates = [Path(chosen)] if chosen else []
    candidates += [Path(__file__).parent / "__pycache__", Path(platformdirs.user_cache_dir("voxshelf"))]
    for candidate in candidates:
        try:
            candidate.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=candidate):
                return candidate
        except OSError:
            continue
    return _own_temporary_folder()


def _own_temporary_folder() -> Path:
    """A folder that belongs to this user alone: compiled code of others must not be loaded."""
    if not hasattr(os, "getuid"):
        return Path(tempfile.mkdtemp(prefix="voxshelf-kernels-"))
    folder = Path(tempfile.gettempdir()) / f"voxshelf-kernels-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if status.st_uid != os.getuid() or status.st_mode & 0o077 or folder.is_symlink():
        return Path(tempfile.mkdtemp(prefix="voxshelf-kernels-"))
    return folder
