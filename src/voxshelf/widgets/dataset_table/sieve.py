"""Narrowing that stores do not offer themselves: by folder and by kind of layer.

A ``Sieve`` walks down the store's list, in its order and with its own narrowing, and keeps what fits. A page is
there as soon as it is full; how many fit in all takes the whole walk, so it is only said when that is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voxshelf.model import Category, DatasetRecord
    from voxshelf.store import DatasetStore

_PIECE = 500


@dataclass(frozen=True)
class Sieve:
    """What has to fit.

    Parameters
    ----------
    folder : str or None
        Only datasets in this folder or below it.
    category : Category or None
        Only datasets that have a layer of this kind.
    """

    folder: str | None = None
    category: Category | None = None

    @property
    def is_open(self) -> bool:
        """Whether everything fits."""
        return self.folder is None and self.category is None

    def fits(self, record: DatasetRecord) -> bool:
        """Whether a dataset fits."""
        if self.folder is not None and not _lies_in(record.folder, self.folder):
            return False
        return self.category is None or any(layer.category is self.category for layer in record.layers)

    def walk(
        self, store: DatasetStore, question: dict[str, Any], *, goes_on: Callable[[], bool]
    ) -> Iterator[tuple[DatasetRecord, ...]]:
        """What fits, piece by piece, in the order of the list.

        Parameters
        ----------
        store : DatasetStore
            Whose list.
        question : dict
            What :meth:`DatasetStore.list` is asked for; without limit and offset.
        goes_on : callable
            Asked before each piece; the walk ends where it says no.
        """
        last: DatasetRecord | None = None
        while goes_on():
            piece = store.list(**question, limit=_PIECE, after=last).items
            yield tuple(record for record in piece if self.fits(record))
            if len(piece) < _PIECE:
                return
            last = piece[-1]


def _lies_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")
