"""``SamplePicker``: datasets to begin with, as cards; downloaded or made on the spot when one is wanted."""

from voxshelf.widgets.samples.state import SampleItem, SamplePickerState
from voxshelf.widgets.samples.view import SamplePicker

__all__ = ["SampleItem", "SamplePicker", "SamplePickerState"]
