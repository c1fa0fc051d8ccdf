"""Cards: what samples and public datasets are shown as."""

from voxshelf.widgets.cards.cards import Card, Cards

__all__ = ["Card", "Cards"]
