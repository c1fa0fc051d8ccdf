"""What is wrong with a dataset, and how to mend it: its JSON, its files, and how the two agree."""

from voxshelf.intake.checking.dataset import check_dataset

__all__ = ["check_dataset"]
