"""What all views of one store share: where its data lies, what it remembers, and who is told of changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voxshelf.catalog import now
from voxshelf.store.scanning import Scanner
from voxshelf.store.watching import Watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from voxshelf.catalog import Catalog
    from voxshelf.store.examining import Places


@dataclass
class Premises:
    """The parts of a store that do not depend on who asks.

    Parameters
    ----------
    catalog : Catalog
        What is remembered.
    places : Places
        The root, and where links may lead.
    clock : callable
        The present moment, aware; links expire by it.
    """

    catalog: Catalog
    places: Places
    clock: Callable[[], datetime] = now
    watch: Watch = field(init=False)
    scanner: Scanner = field(init=False)

    def __post_init__(self) -> None:
        self.watch = Watch(self.catalog)
        self.scanner = Scanner(self.catalog, self.places, self.watch.tell)

    @property
    def root(self) -> Path:
        """The folder that holds one folder per organization."""
        return self.places.root

    def close(self) -> None:
        """Stop following changes and close all connections."""
        self.watch.close()
        self.catalog.close()
