"""What all views of one store share: where its data lies, what it remembers, and who is told of changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voxshelf.catalog import now
from voxshelf.intake.sample_list import DEFAULT_SAMPLES_URL
from voxshelf.intake.sample_staging import SampleStaging
from voxshelf.intake.uploads import UploadStaging
from voxshelf.store.intents import settle_intents
from voxshelf.store.refreshing import Refresher
from voxshelf.store.scanning import Scanner
from voxshelf.store.trashing import reconcile
from voxshelf.store.uploads import settle_uploads
from voxshelf.store.watching import Watch, calling_weakly

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
    public_url : str
        The address under which a service shows links of this store; empty where none does.
    samples_url : str
        Where published samples are downloaded from.
    organization : str
        Where a new dataset goes that names none, if it is the operator's.
    """

    catalog: Catalog
    places: Places
    clock: Callable[[], datetime] = now
    public_url: str = ""
    samples_url: str = DEFAULT_SAMPLES_URL
    organization: str = "samples"
    watch: Watch = field(init=False)
    scanner: Scanner = field(init=False)
    refresher: Refresher = field(init=False)

    def __post_init__(self) -> None:
        self.watch = Watch(self.catalog)
        self.scanner = Scanner(self.catalog, self.places, self.watch.tell)
        self.refresher = Refresher(self.places.root, calling_weakly(self.look_around))

    @property
    def root(self) -> Path:
        """The folder that holds one folder per organization."""
        return self.places.root

    def put_in_order(self) -> None:
        """Complete what was under way when a process died: deleting, restoring, editing, uploading."""
        reconcile(self)
        settle_intents(self.catalog, self.places, self.watch.tell)
        settle_uploads(self)

    def look_around(self) -> None:
        """What is done every few minutes: look at the disk, and forget what nobody goes on with."""
        self.put_in_order()
        self.scanner.scan()
        UploadStaging(self.root).expire(now=self.clock())
        SampleStaging(self.root, self.samples_url).expire(now=self.clock())

    def close(self) -> None:
        """Stop looking and following changes, and close all connections."""
        self.refresher.close()
        self.watch.close()
        self.catalog.close()
