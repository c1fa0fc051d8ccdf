from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def run(script: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        capture_output=True,
        text=True,
        timeout=250,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_the_formats_does_not_load_the_compiler() -> None:
    script = "import sys, voxshelf.formats, voxshelf.formats.wkw; print('numba' in sys.modules)"
    assert run(script) == "False"


def test_warming_up_loads_the_kernels_in_the_background() -> None:
    script = (
        "import sys, threading, voxshelf.formats as f; f.warm_up(); f.warm_up()\n"
        "[t.join() for t in threading.enumerate() if t.name == 'voxshelf-warm-up']\n"
        "print('voxshelf.formats.wkw.read_kernels' in sys.modules)"
    )
    assert run(script) == "True"


KEPT = """
from voxshelf.formats.compiled import kernel, _base_folder
from voxshelf.formats.wkw import row_kernels
print(_base_folder(), row_kernels.place.stats.cache_hits)
"""


def test_compiled_kernels_are_kept_where_the_user_says(tmp_path: Path) -> None:
    first = run(KEPT, NUMBA_CACHE_DIR=str(tmp_path))
    again = run(KEPT, NUMBA_CACHE_DIR=str(tmp_path))
    assert (first.split()[0], again.split()[0]) == (str(tmp_path), str(tmp_path))


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="folders of one user alone are a thing of POSIX")
def test_the_last_resort_is_a_folder_of_this_user_alone(tmp_path: Path) -> None:
    script = "from voxshelf.formats.compiled import _own_temporary_folder as f; print(f(), f())"
    first, second = run(script, TMPDIR=str(tmp_path)).split()
    assert first == second
    assert Path(first).stat().st_mode & 0o777 == 0o700
    Path(first).chmod(0o777)
    assert run(script, TMPDIR=str(tmp_path)).split()[0] != first


def test_a_kernel_is_compiled_anew_when_a_constant_that_it_takes_from_elsewhere_changes(
    tmp_path: Path,
) -> None:
    package = tmp_path / "voxshelf_kernels_here"
    package.mkdir()
    script = (
        "import sys, importlib.util\n"
        "from voxshelf.formats import compiled\n"
        "before = compiled._texts('voxshelf.formats.wkw.row_kernels', {})\n"
        "print('voxshelf.formats.wkw.read_plan' in before, 'voxshelf.formats.wkw.memory' in before)"
    )
    assert run(script) == "True True"
