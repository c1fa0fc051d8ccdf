"""Links that let people without an account look at one dataset: ``Link``, ``LinkState``, ``ViewState``.

A link grants reading of its one dataset to whoever bears its token, until it expires or is revoked. The token
itself is never part of these values: it is shown once (:mod:`voxshelf.sharing.tokens`). Times are aware UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from voxshelf.model.view_configuration import LayerViewConfiguration, Vec3

UtcDatetime = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]


class LinkState(StrEnum):
    """Whether a link opens its dataset now."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


class AdditionalCoordinate(BaseModel):
    """Where one is on an axis besides x, y, z."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    value: int


class ViewState(BaseModel):
    """What a viewer shows first when a link is opened; None leaves a value to the dataset's own default.

    Parameters
    ----------
    position : tuple of 3 floats
        Mag-1 voxels.
    zoom : float
        Mag-1 voxels per screen pixel, at least 0.005.
    rotation : tuple of 3 floats
        Degrees about x, y, z.
    plane : {"xy", "xz", "yz"}
        The plane to look at.
    layers : dict
        Layer name → what differs for it: hidden (``is_disabled``), colour, alpha, intensity range …
    additional_coordinates : tuple of AdditionalCoordinate
        Where to look on further axes, such as time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    position: Vec3 | None = None
    zoom: Annotated[float, Field(ge=0.005)] | None = None
    rotation: Vec3 | None = None
    plane: Literal["xy", "xz", "yz"] | None = None
    layers: dict[str, LayerViewConfiguration] = Field(default_factory=dict)
    additional_coordinates: tuple[AdditionalCoordinate, ...] | None = None

    def document(self) -> dict[str, Any]:
        """The set values as JSON, keys in camelCase."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    def view_document(self) -> dict[str, Any]:
        """The same as a partial view configuration, to be laid over the others as its strongest level."""
        own = ("plane", "additionalCoordinates")
        return {key: value for key, value in self.document().items() if key not in own and value != {}}


class Link(BaseModel):
    """One link to one dataset.

    Parameters
    ----------
    id : str
        The public part of its token; safe to show and to log.
    dataset : str
        The key, ``organization/name``, of the only dataset that it opens.
    label : str
        Whom or what it is for, as its maker wrote it.
    created : datetime
        When.
    created_by : str
        The id of the user who made it.
    expires : datetime, optional
        The first moment at which it no longer works; None = never.
    revoked : datetime, optional
        When somebody took it back; None = nobody did.
    use_count : int
        How often it was opened.
    last_used : datetime, optional
        When it was last opened.
    view : ViewState, optional
        What the viewer shows first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    dataset: str
    label: str = ""
    created: UtcDatetime
    created_by: str = ""
    expires: UtcDatetime | None = None
    revoked: UtcDatetime | None = None
    use_count: Annotated[int, Field(ge=0)] = 0
    last_used: UtcDatetime | None = None
    view: ViewState | None = None

    @property
    def title(self) -> str:
        """The label, or the id where there is none."""
        return self.label or self.id

    def state(self, now: datetime | None = None) -> LinkState:
        """Whether it works at ``now`` (default: this moment).

        A link that is both expired and revoked is *revoked*: somebody decided so.
        """
        if self.revoked is not None:
            return LinkState.REVOKED
        moment = datetime.now(UTC) if now is None else now
        if self.expires is not None and moment >= self.expires:
            return LinkState.EXPIRED
        return LinkState.ACTIVE

    def used(self, now: datetime) -> Link:
        """The same link, opened once more at ``now``."""
        return self.model_copy(update={"use_count": self.use_count + 1, "last_used": now.astimezone(UTC)})


class NewLink(Link):
    """A link that was just made, with what is shown this once.

    Parameters
    ----------
    token : str
        The secret; :meth:`store.with_link <voxshelf.store.LocalDatasetStore.with_link>` takes it.
    url : str
        The address to send to people; empty where the store is not served under one.
    """

    token: str = Field(repr=False)
    url: str = Field(default="", repr=False)
