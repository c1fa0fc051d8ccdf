"""Getting the kernels ready before they are needed, so that no first slice freezes.

Words used here: *warming up* is loading numba and the compiled kernels from its cache on disk, or compiling
them where this machine has not yet done so. An install step does it with
``python -c "import voxshelf.formats; voxshelf.formats.compile_kernels()"``.
"""

from __future__ import annotations

import atexit
import importlib
import os
import threading

__all__ = ["compile_kernels", "warm_up"]

# In the order in which they import each other, small ones first: between two of them warming up can stop.
_KERNEL_MODULES = (
    "voxshelf.formats.compiled",
    "voxshelf.formats.wkw.row_kernels",
    "voxshelf.formats.wkw.cache_kernels",
    "voxshelf.formats.wkw.run_kernels",
    "voxshelf.formats.wkw.read_kernels",
    "voxshelf.formats.wkw.large_kernels",
)


def compile_kernels() -> None:
    """Compile or load all kernels of the reader now; seconds on a new machine, a fraction of one later."""
    for module in _KERNEL_MODULES:
        importlib.import_module(module)


class _WarmUp:
    """The thread that warms up, once per process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="voxshelf-warm-up", daemon=True)
                self._thread.start()
                atexit.register(self.stop)
                if hasattr(os, "register_at_fork"):
                    os.register_at_fork(before=self.wait)

    def _run(self) -> None:
        for module in _KERNEL_MODULES:
            if self._stopping:
                return
            importlib.import_module(module)

    def stop(self) -> None:
        """End at the next chance: an interpreter that shuts down must not do so under a running compiler."""
        self._stopping = True
        self.wait()

    def wait(self) -> None:
        """Until it is done. A fork in the middle would leave the child with locks that nobody opens."""
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()


_warm_up = _WarmUp()


def warm_up() -> None:
    """Start warming up in the background, if that has not been done before; returns at once."""
    _warm_up.start()
