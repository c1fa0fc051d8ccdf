"""Looking for the largest segment ids of a dataset in all of its voxels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.cli.printing import progress_bar
from voxshelf.model import Category

if TYPE_CHECKING:
    from voxshelf.dataset import Dataset, Layer
    from voxshelf.model import DataSource

__all__ = ["with_largest_ids"]


def with_largest_ids(dataset: Dataset, data_source: DataSource, *, only_unknown: bool = False) -> DataSource:
    """What a dataset's JSON says, with the largest ids that its segmentation layers hold.

    Parameters
    ----------
    dataset : Dataset
        To read.
    data_source : DataSource
        What its JSON says.
    only_unknown : bool
        Leave alone those that are known.
    """
    for layer in data_source.layers:
        is_known = layer.largest_segment_id is not None
        if layer.category is Category.SEGMENTATION and not (only_unknown and is_known):
            largest = _largest_id(dataset[layer.name])
            data_source = data_source.changed_layer(layer.name, largest_segment_id=largest)
    return data_source


def _largest_id(layer: Layer) -> int:
    with progress_bar(f"Largest id of {layer.name}") as report:

        def show(done: int, total: int) -> None:
            report(done / total if total else 1.0)

        return layer.compute_largest_segment_id(progress=show)
