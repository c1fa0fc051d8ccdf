"""The datasets that an action is meant for: ``Checked`` keeps them over pages and searches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import traitlets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


class Checked(traitlets.HasTraits):
    """Keys of datasets, in the order in which they were checked."""

    keys = traitlets.Tuple(help="The keys.")

    def __contains__(self, key: str) -> bool:
        return key in self.keys

    def set_among(self, page: Iterable[str], checked: Collection[str]) -> None:
        """Of those on this page, exactly ``checked`` are; those of other pages stay as they are."""
        here = set(page)
        kept = [key for key in self.keys if key not in here or key in checked]
        self.keys = (*kept, *(key for key in checked if key not in kept))

    def add(self, keys: Iterable[str]) -> None:
        """Check these as well."""
        self.keys = tuple(dict.fromkeys((*self.keys, *keys)))

    def drop(self, keys: Iterable[str]) -> None:
        """Uncheck these."""
        gone = set(keys)
        self.keys = tuple(key for key in self.keys if key not in gone)

    def clear(self) -> None:
        """Check none."""
        self.keys = ()
