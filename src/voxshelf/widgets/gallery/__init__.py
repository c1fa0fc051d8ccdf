"""``Gallery``: the public datasets of a store as cards with picture, name and description, for everybody to browse."""

from voxshelf.widgets.gallery.state import GalleryState
from voxshelf.widgets.gallery.view import Gallery

__all__ = ["Gallery", "GalleryState"]
