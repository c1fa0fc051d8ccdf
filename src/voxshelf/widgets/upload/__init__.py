"""``UploadPanel``: datasets as ZIP files of several gigabytes, from the browser into the store.

Files are sent in acknowledged pieces that the store keeps as they come, so that an upload can be paused and goes on
after a lost connection, a reload of the page or a restart of the kernel. Words: an *item* is one file on its way; a
*piece* is what travels in one message.
"""

from voxshelf.widgets.upload.files import ChosenFile
from voxshelf.widgets.upload.items import Action, Stage, UploadItem
from voxshelf.widgets.upload.state import UploadState
from voxshelf.widgets.upload.view import UploadPanel

__all__ = ["Action", "ChosenFile", "Stage", "UploadItem", "UploadPanel", "UploadState"]
