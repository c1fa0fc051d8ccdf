"""View configurations: levels merged key by key, each value with its origin, resets and copies."""

# ruff: noqa: S101, D102 - tests assert, and their names are their sentences
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.errors import (
    EditConflict,
    InvalidDataSourceError,
    NotAllowedError,
    NotFoundError,
    VoxshelfError,
)
from voxshelf.model import Severity, ViewConfiguration, ViewLevel
from voxshelf.testing.folders import properties, write_dataset, write_properties
from voxshelf.testing.store_fixtures import StoreFixtures

if TYPE_CHECKING:
    from pathlib import Path

    from voxshelf.model import Place
    from voxshelf.store import DatasetStore

KEY = "lab/cells"
LAYERS = {"color": "uint8", "segmentation": "uint32"}
LARGEST = 20_480

FILE = {
    "zoom": 1,
    "fourBit": True,
    "layers": {"color": {"alpha": 10, "isInverted": True, "color": [1, 1, 1]}},
}
DATASET = {"zoom": 2, "interpolation": True, "layers": {"color": {"alpha": 20, "isInverted": False}}}
USER = {"zoom": 3, "layers": {"color": {"alpha": 30}, "segmentation": {"alpha": 5}}}


class LevelTests(StoreFixtures):
    """The hierarchy: built-in, JSON file, dataset, user."""

    @pytest.fixture
    def mia(self, staffed: DatasetStore, root: Path) -> DatasetStore:
        """The store for somebody who has settings of her own on all levels of the hierarchy."""
        write_properties(root / KEY, properties(LAYERS, defaultViewConfiguration=FILE))
        staffed.refresh()
        staffed.update_view_configuration(KEY, DATASET)
        mia = self.act_as(staffed, "lab/mia")
        mia.update_view_configuration(KEY, USER, level="user")
        return mia

    @pytest.mark.parametrize(
        ("place", "value", "origin"),
        [
            ("zoom", 3, ViewLevel.USER),
            ("interpolation", True, ViewLevel.DATASET),
            ("fourBit", True, ViewLevel.FILE),
            ("segmentationPatternOpacity", 40, ViewLevel.BUILT_IN),
            ("layers.color.alpha", 30, ViewLevel.USER),
            ("layers.color.isInverted", False, ViewLevel.DATASET),
            ("layers.color.color", [1, 1, 1], ViewLevel.FILE),
            ("layers.color.gammaCorrectionValue", 1, ViewLevel.BUILT_IN),
            ("layers.segmentation.alpha", 5, ViewLevel.USER),
            ("layers.segmentation.isDisabled", False, ViewLevel.BUILT_IN),
        ],
    )
    def test_levels_are_merged_key_by_key(
        self, mia: DatasetStore, place: str, value: Any, origin: ViewLevel
    ) -> None:
        found = mia.view_configuration(KEY).value(place)
        assert found is not None
        assert (found.value, found.origin) == (value, origin)

    def test_a_value_tells_what_it_overrides(self, mia: DatasetStore) -> None:
        found = mia.view_configuration(KEY).value("zoom")
        assert found is not None
        assert [(below.level, below.value) for below in found.overridden] == [
            (ViewLevel.DATASET, 2),
            (ViewLevel.FILE, 1),
        ]

    def test_the_stored_documents_are_partial(self, mia: DatasetStore) -> None:
        levels = mia.view_levels(KEY)
        assert (levels.file, levels.dataset, levels.user) == (FILE, DATASET, USER)

    def test_what_nobody_set_is_filled_so_that_all_of_it_can_be_used(self, mia: DatasetStore) -> None:
        resolved = mia.view_configuration(KEY)
        assert resolved.problems == ()
        view = resolved.configuration()
        assert view.segmentation_pattern_opacity == 40
        assert resolved.layer("color").intensity_range == (0, 255)

    def test_an_era_has_its_own_defaults(self, staffed: DatasetStore) -> None:
        eras: tuple[Any, ...] = ("2020", "current")
        found = [staffed.view_configuration(KEY, profile=era).value("interpolation") for era in eras]
        assert [value.value for value in found if value is not None] == [True, False]

    def test_later_changes_of_a_lower_level_reach_whoever_saved_before(
        self, store: DatasetStore, mia: DatasetStore
    ) -> None:
        ada = self.act_as(store, "lab/ada")
        ada.update_view_configuration(KEY, {"rotation": [0, 0, 90]})
        found = mia.view_configuration(KEY).value("rotation")
        assert found is not None
        assert (found.value, found.origin) == ([0, 0, 90], ViewLevel.DATASET)

    def test_each_person_has_their_own_settings(self, store: DatasetStore, mia: DatasetStore) -> None:
        tom = self.act_as(store, "lab/tom")
        tom.update_view_configuration(KEY, {"zoom": 7}, level="user")
        found = [store.view_configuration(KEY).value("zoom") for store in (mia, tom)]
        assert [value.value for value in found if value is not None] == [3, 7]

    @pytest.mark.usefixtures("mia")
    def test_a_visitor_sees_what_everybody_sees(self, store: DatasetStore) -> None:
        store.update_permissions(KEY, is_public=True)
        visitor = self.act_as(store, "")
        found = visitor.view_configuration(KEY).value("zoom")
        assert found is not None
        assert found.value == 2
        with pytest.raises(NotAllowedError):
            visitor.update_view_configuration(KEY, {"zoom": 1}, level="user")

    def test_invalid_values_in_the_file_are_reported_and_not_used(
        self, staffed: DatasetStore, root: Path
    ) -> None:
        broken = {
            "zoom": -1,
            "fourBit": "yes",
            "nonsense": 1,
            "layers": {"color": {"alpha": 200}, "gone": {}},
        }
        write_properties(root / KEY, properties(LAYERS, defaultViewConfiguration=broken))
        resolved = staffed.view_configuration(KEY)
        assert {problem.where: problem.severity for problem in resolved.problems} == {
            "zoom": Severity.ERROR,
            "fourBit": Severity.ERROR,
            "nonsense": Severity.WARNING,
            "layers.color.alpha": Severity.ERROR,
            "layers.gone": Severity.WARNING,
        }
        assert {problem.level for problem in resolved.problems} == {ViewLevel.FILE}
        assert resolved.layer("color").alpha == 100

    def test_a_colour_order_is_repaired_and_reported(self, staffed: DatasetStore, root: Path) -> None:
        view = {"colorLayerOrder": ["gone"]}
        write_properties(root / KEY, properties(LAYERS, defaultViewConfiguration=view))
        resolved = staffed.view_configuration(KEY)
        found = resolved.value("colorLayerOrder")
        assert found is not None
        assert found.value == ["color"]
        assert [problem.where for problem in resolved.problems] == ["colorLayerOrder"]


class StoringViewsTests(StoreFixtures):
    """What may be stored."""

    def test_every_problem_is_named_and_nothing_is_stored(self, staffed: DatasetStore) -> None:
        staffed.update_view_configuration(KEY, {"zoom": 2})
        wrong = {"zoom": 0, "fourBit": 1, "layers": {"color": {"alpha": 101, "color": [1, 2]}}}
        for level in ("dataset", "user"):
            with pytest.raises(InvalidDataSourceError) as caught:
                staffed.update_view_configuration(KEY, wrong, level=level)
            assert {".".join(map(str, problem.place)) for problem in caught.value.problems} == {
                "zoom",
                "fourBit",
                "layers.color.alpha",
                "layers.color.color",
            }
        assert staffed.view_levels(KEY).dataset == {"zoom": 2}
        assert staffed.view_levels(KEY).user == {}

    @pytest.mark.parametrize("level", ["dataset", "user"])
    def test_a_document_may_have_20_kilobytes(self, staffed: DatasetStore, level: str) -> None:
        def padded(size: int) -> dict[str, str]:
            return {"padding": "x" * (size - len('{"padding":""}'))}

        staffed.update_view_configuration(KEY, padded(LARGEST), level=level)
        with pytest.raises(InvalidDataSourceError, match="20,480"):
            staffed.update_view_configuration(KEY, padded(LARGEST + 1), level=level)

    @pytest.mark.parametrize("level", ["dataset", "user"])
    @pytest.mark.parametrize("value", [float("inf"), [float("nan")]], ids=str)
    def test_what_is_no_json_is_refused(self, staffed: DatasetStore, level: str, value: object) -> None:
        for document in ({"myOwn": value}, {"layers": {"color": {"myOwn": value}}}):
            with pytest.raises(InvalidDataSourceError, match="JSON"):
                staffed.update_view_configuration(KEY, document, level=level)
        assert staffed.view_levels(KEY).dataset == {}

    def test_values_are_laid_over_what_the_level_says(self, staffed: DatasetStore) -> None:
        staffed.update_view_configuration(KEY, {"zoom": 1, "layers": {"color": {"alpha": 10}}})
        staffed.update_view_configuration(KEY, {"layers": {"color": {"isInverted": True}}})
        assert staffed.view_levels(KEY).dataset == {
            "zoom": 1,
            "layers": {"color": {"alpha": 10, "isInverted": True}},
        }

    def test_a_null_takes_a_value_out(self, staffed: DatasetStore) -> None:
        staffed.update_view_configuration(KEY, {"zoom": 1, "fourBit": True})
        staffed.update_view_configuration(KEY, {"zoom": None})
        assert staffed.view_levels(KEY).dataset == {"fourBit": True}

    @pytest.mark.parametrize("level", ["dataset", "user"])
    def test_a_level_can_be_replaced(self, staffed: DatasetStore, level: str) -> None:
        staffed.update_view_configuration(KEY, {"zoom": 1}, level=level)
        staffed.update_view_configuration(KEY, {"fourBit": True}, level=level, replace=True)
        assert getattr(staffed.view_levels(KEY), level) == {"fourBit": True}

    def test_the_current_view_can_be_saved_as_the_default(self, staffed: DatasetStore) -> None:
        staffed.update_view_configuration(KEY, {"zoom": 3, "position": [1, 2, 3]}, level="user")
        staffed.update_view_configuration(KEY, staffed.view_configuration(KEY).configuration())
        found = self.act_as(staffed, "lab/mia").view_configuration(KEY).value("position")
        assert found is not None
        assert found.value == [1, 2, 3]

    def test_a_noun_is_taken_too(self, staffed: DatasetStore) -> None:
        resolved = staffed.update_view_configuration(KEY, ViewConfiguration(zoom=2, four_bit=True))
        assert staffed.view_levels(KEY).dataset == {"zoom": 2, "fourBit": True}
        assert resolved == staffed.view_configuration(KEY)

    @pytest.mark.parametrize("level", ["file", "builtin", "nobody", ""])
    def test_only_two_levels_can_be_stored_at(self, staffed: DatasetStore, level: str) -> None:
        with pytest.raises(VoxshelfError):
            staffed.update_view_configuration(KEY, {"zoom": 1}, level=level)

    def test_stale_edits_are_conflicts_and_joined_on_request(self, staffed: DatasetStore) -> None:
        seen = staffed.record(KEY).version
        staffed.update_view_configuration(KEY, {"layers": {"color": {"alpha": 1}}})
        mine = {"layers": {"color": {"isInverted": True}}}
        with pytest.raises(EditConflict):
            staffed.update_view_configuration(KEY, mine, version=seen)
        staffed.update_view_configuration(KEY, mine, version=seen, merge=True)
        layer = staffed.view_configuration(KEY).layer("color")
        assert (layer.alpha, layer.is_inverted) == (1, True)
        with pytest.raises(EditConflict):
            staffed.update_view_configuration(
                KEY, {"layers": {"color": {"alpha": 2}}}, version=seen, merge=True
            )


class ResetTests(StoreFixtures):
    """Back to a lower level."""

    @pytest.fixture
    def set_up(self, staffed: DatasetStore, root: Path) -> DatasetStore:
        """The store with settings on every level."""
        write_properties(root / KEY, properties(LAYERS, defaultViewConfiguration=FILE))
        staffed.update_view_configuration(KEY, DATASET)
        staffed.update_view_configuration(KEY, USER, level="user")
        return staffed

    @pytest.mark.parametrize(
        ("place", "to", "dataset", "user"),
        [
            ((), "dataset", DATASET, {}),
            ((), "file", {}, {}),
            (("zoom",), "dataset", DATASET, {"layers": USER["layers"]}),
            (
                ("zoom",),
                "file",
                {k: v for k, v in DATASET.items() if k != "zoom"},
                {"layers": USER["layers"]},
            ),
            (
                ("layers", "color", "alpha"),
                "dataset",
                DATASET,
                {"zoom": 3, "layers": {"segmentation": {"alpha": 5}}},
            ),
            (
                ("layers", "color"),
                "file",
                {"zoom": 2, "interpolation": True},
                {"zoom": 3, "layers": {"segmentation": {"alpha": 5}}},
            ),
        ],
    )
    def test_what_is_above_the_level_is_forgotten(
        self, set_up: DatasetStore, place: Place, to: str, dataset: Any, user: Any
    ) -> None:
        resolved = set_up.reset_view_configuration(KEY, place, to=to)
        levels = set_up.view_levels(KEY)
        assert (levels.file, levels.dataset, levels.user) == (FILE, dataset, user)
        assert resolved == set_up.view_configuration(KEY)

    def test_others_keep_their_own_settings(self, set_up: DatasetStore) -> None:
        mia = self.act_as(set_up, "lab/mia")
        mia.update_view_configuration(KEY, {"zoom": 9}, level="user")
        set_up.reset_view_configuration(KEY)
        assert mia.view_levels(KEY).user == {"zoom": 9}

    def test_whoever_may_only_read_resets_only_their_own(self, set_up: DatasetStore) -> None:
        mia = self.act_as(set_up, "lab/mia")
        mia.update_view_configuration(KEY, {"zoom": 9}, level="user")
        with pytest.raises(NotAllowedError):
            mia.reset_view_configuration(KEY)
        assert mia.view_levels(KEY).user == {"zoom": 9}
        mia.reset_view_configuration(KEY, to="dataset")
        assert mia.view_levels(KEY).user == {}

    @pytest.mark.parametrize("level", ["user", "built-in", "nobody"])
    def test_there_is_no_reset_to_another_level(self, set_up: DatasetStore, level: str) -> None:
        with pytest.raises(VoxshelfError, match="cannot be reset"):
            set_up.reset_view_configuration(KEY, to=level)


class CopyingViewsTests(StoreFixtures):
    """One view configuration for a whole folder."""

    @pytest.fixture
    def shelf(self, staffed: DatasetStore, root: Path) -> DatasetStore:
        """The store with a folder of datasets."""
        for name in ("one", "two", "three"):
            layers = {"color": "uint8"} if name != "three" else {"color": "uint32"}
            write_dataset(root, f"lab/{name}", layers=layers)
        staffed.refresh()
        for name, folder in (
            ("one", "Shelf"),
            ("two", "Shelf/Below"),
            ("three", "Shelf"),
            ("cells", "Other"),
        ):
            staffed.update_details(f"lab/{name}", folder=folder)
        staffed.update_view_configuration(
            KEY,
            {
                "zoom": 2,
                "position": [1, 2, 3],
                "layers": {"color": {"alpha": 5}, "segmentation": {"alpha": 6}},
            },
        )
        return staffed

    def test_a_folder_and_those_below_get_what_fits(self, shelf: DatasetStore) -> None:
        assert shelf.copy_view_configuration(KEY, "Shelf") == ("lab/one", "lab/three", "lab/two")
        assert shelf.view_levels("lab/one").dataset == {"zoom": 2, "layers": {"color": {"alpha": 5}}}
        assert shelf.view_levels("lab/two").dataset == {"zoom": 2, "layers": {"color": {"alpha": 5}}}
        assert shelf.view_levels("lab/three").dataset == {"zoom": 2}
        assert shelf.view_levels("lab/plain").dataset == {}

    def test_copying_again_changes_nothing(self, shelf: DatasetStore) -> None:
        shelf.copy_view_configuration(KEY, "Shelf")
        assert shelf.copy_view_configuration(KEY, "Shelf") == ()

    def test_each_copy_can_be_taken_back(self, shelf: DatasetStore) -> None:
        shelf.copy_view_configuration(KEY, "Shelf")
        shelf.undo("lab/one", shelf.history("lab/one")[0].id)
        assert shelf.view_levels("lab/one").dataset == {}

    def test_the_source_in_the_folder_is_left_alone(self, shelf: DatasetStore) -> None:
        assert shelf.copy_view_configuration(KEY, "Other") == ()

    def test_datasets_that_one_may_not_edit_are_left_alone(self, shelf: DatasetStore) -> None:
        shelf.update_permissions("lab/one", teams=["genetics"])
        shelf.update_permissions("lab/two", teams=["imaging"])
        tom = self.act_as(shelf, "lab/tom")
        assert tom.copy_view_configuration(KEY, "Shelf") == ("lab/three", "lab/two")
        assert shelf.view_levels("lab/one").dataset == {}

    @pytest.mark.parametrize("folder", ["", "a//b", "../x"])
    def test_what_is_no_folder_is_refused(self, shelf: DatasetStore, folder: str) -> None:
        with pytest.raises(NotFoundError):
            shelf.copy_view_configuration(KEY, folder)


class ViewingTests(LevelTests, StoringViewsTests, ResetTests, CopyingViewsTests):
    """View configurations."""
