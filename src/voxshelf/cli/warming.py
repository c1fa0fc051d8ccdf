"""``voxshelf warm``: compile all kernels now, so that nobody waits for them later. For install steps."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import typer

from voxshelf.cli.printing import JsonOption, print_json

__all__ = ["warm"]

_SMALLEST = (32, 32, 32)


def warm(*, as_json: JsonOption = False) -> None:
    """Compile the kernels now, so that nobody waits later.

    Those of reading, writing, downsampling and the sample; they are kept on disk for all later runs.
    """
    from voxshelf.formats import compile_kernels  # noqa: PLC0415 - loads the compiler
    from voxshelf.intake.samples import make_tissue_sample  # noqa: PLC0415 - likewise

    start = time.perf_counter()
    compile_kernels()
    # A tiny sample goes through rendering, writing, downsampling and reading once.
    with tempfile.TemporaryDirectory() as folder:
        dataset = make_tissue_sample(Path(folder) / "tissue", size=_SMALLEST)
        for layer in dataset.layers.values():
            layer.read()
    seconds = time.perf_counter() - start
    if as_json:
        print_json({"seconds": round(seconds, 3)})
    else:
        typer.echo(f"All kernels are ready ({seconds:.1f} s).")
