"""Tests that every implementation of a protocol inherits. Needs pytest; nothing else in voxshelf imports it."""
