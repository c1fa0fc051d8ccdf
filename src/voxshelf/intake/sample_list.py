"""The sample datasets one can add: three published ones to download, and those made on the spot.

The downloads are those of the requirement, as WKW in ZIP files; the base address is a setting, so that an
institute can serve them itself.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

DEFAULT_SAMPLES_URL = "https://static.webknossos.org/data/"


class SampleSource(StrEnum):
    """How a sample comes into the store."""

    GENERATED = "generated"
    DOWNLOAD = "download"


class SampleState(StrEnum):
    """Where a sample stands between the list and the store."""

    AVAILABLE = "available"
    """It can be added."""
    DOWNLOADING = "downloading"
    """It is being added, by this process or another one."""
    PRESENT = "present"
    """It is a dataset of the store."""
    FAILED = "failed"
    """The last try failed; it can be added again."""


class SampleDescription(BaseModel):
    """A sample dataset.

    Parameters
    ----------
    name : str
        Its key in the list, and the dataset's folder name.
    title : str
        What people call it.
    description, citation, doi : str
        What it shows, who made it and where it was published; empty where it was not.
    file : str
        Downloads: the ZIP file's name below the base address.
    size : int
        Bytes to download; 0 for generated ones.
    source : SampleSource
        Downloaded or generated.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    description: str
    citation: str = ""
    doi: str = ""
    file: str = ""
    size: int = 0
    source: SampleSource = SampleSource.DOWNLOAD

    def url(self, base: str = DEFAULT_SAMPLES_URL) -> str:
        """Where the ZIP file lies below ``base``; empty for generated samples."""
        return f"{base.rstrip('/')}/{self.file}" if self.file else ""


class SampleInfo(BaseModel):
    """A sample and where it stands.

    Parameters
    ----------
    name, title, description, citation, doi, size
        As in :class:`SampleDescription`.
    url : str
        Where it is downloaded from; empty for built-in ones.
    builtin : bool
        It is made on the spot, without a network.
    state : SampleState
        See there.
    message : str
        What went wrong, how far it is, or what is left of an interrupted try; empty where nothing is to be said.
    share : float
        How much of the download has arrived, from 0 to 1.
    key : str
        ``organization/name`` of the dataset where it is present, and of what it will be otherwise.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    description: str
    citation: str = ""
    doi: str = ""
    size: int = 0
    url: str = ""
    builtin: bool = False
    state: SampleState = SampleState.AVAILABLE
    message: str = ""
    share: float = 0.0
    key: str = ""


PUBLISHED_SAMPLES = (
    SampleDescription(
        name="Sample_e2006_wkw",
        title="e2006: mouse retina",
        description="Raw SBEM data and segmentation (sample cutout): inner plexiform layer of the mouse retina.",
        citation=(
            "Connectomic reconstruction of the inner plexiform layer in the mouse retina. M Helmstaedter, "
            "KL Briggman, S Turaga, V Jain, HS Seung, W Denk. Nature. 08 August 2013."
        ),
        doi="10.1038/nature12346",
        file="e2006_wkw.zip",
        size=120_000_000,
    ),
    SampleDescription(
        name="Sample_FD0144_wkw",
        title="FD0144: FluoEM",
        description="Raw SBEM data and segmentation (sample cutout): virtual labeling of axons.",
        citation=(
            "FluoEM, virtual labeling of axons in three-dimensional electron microscopy data for long-range "
            "connectomics. F Drawitsch, A Karimi, KM Boergens, M Helmstaedter. eLife. 14 August 2018."
        ),
        doi="10.7554/eLife.38976",
        file="FD0144_wkw.zip",
        size=316_000_000,
    ),
    SampleDescription(
        name="Sample_MPRAGE_250um",
        title="MPRAGE: human brain, MRI",
        description="MRI data: T1-weighted in vivo human whole brain at an isotropic resolution of 250 µm.",
        citation=(
            "T1-weighted in vivo human whole brain MRI dataset with an ultrahigh isotropic resolution of 250 μm. "
            "F Lüsebrink, A Sciarra, H Mattern, R Yakupov, O Speck. Scientific Data. 14 March 2017."
        ),
        doi="10.1038/sdata.2017.32",
        file="MPRAGE_250um.zip",
        size=250_000_000,
    ),
)
