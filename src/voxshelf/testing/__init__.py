"""Tests that every implementation of a protocol inherits. Needs pytest; nothing else in voxshelf imports it."""

from voxshelf.testing.dataset_store import DatasetStoreTests

__all__ = ["DatasetStoreTests"]
