"""The samples that are made on the spot, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.errors import DatasetNotFoundError
from voxshelf.intake.sample_list import SampleDescription, SampleSource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voxshelf.dataset import Dataset

__all__ = ["GENERATED_SAMPLES", "make_sample"]

GENERATED_SAMPLES = (
    SampleDescription(
        name="tissue",
        title="Brain tissue, computed",
        description="Computed EM-like neuropil of 512 × 512 × 256 voxels at 11.24 × 11.24 × 28 nm: membranes, "
        "mitochondria, vesicles, myelin, section artefacts, with its exactly matching segmentation.",
        source=SampleSource.GENERATED,
    ),
)


def make_sample(name: str, folder: Path | str, *, progress: Callable[[float], None] | None = None) -> Dataset:
    """Make the sample of that name in ``folder``, which must not exist yet.

    Parameters
    ----------
    name : str
        One of those in ``GENERATED_SAMPLES``.
    folder : path
        Where; it appears when it is complete.
    progress : callable, optional
        Called with the finished share, from 0 to 1.

    Raises
    ------
    DatasetNotFoundError
        If there is no such sample.
    NameTakenError, ReadOnlyError
        As :func:`~voxshelf.intake.samples.make_tissue_sample`.
    """
    if name not in {sample.name for sample in GENERATED_SAMPLES}:
        known = ", ".join(sample.name for sample in GENERATED_SAMPLES)
        raise DatasetNotFoundError(f"There is no sample named {name!r}.", hint=f"There is: {known}.")
    from voxshelf.intake.samples.tissue import make_tissue_sample  # noqa: PLC0415 - loads the compiler

    return make_tissue_sample(folder, progress=progress)
