"""Users, teams, folders: who may do what, why, and what changes when people come and go."""

# ruff: noqa: S101, D102 - tests assert, and their names are their sentences
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.errors import (
    DatasetNotFoundError,
    InvalidDataSourceError,
    NameTakenError,
    NotAllowedError,
    NotFoundError,
    VoxshelfError,
)
from voxshelf.model import Role
from voxshelf.testing.store_fixtures import StoreFixtures

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.store import DatasetStore
    from voxshelf.store.people import People

KEY = "lab/cells"


class UsersTests(StoreFixtures):
    """Who is in an organization."""

    def test_everybody_is_in_the_team_of_everybody(self, staffed: DatasetStore) -> None:
        users = staffed.people.users("lab")
        assert [user.id for user in users] == ["ada", "dora", "gus", "mia", "olga", "tom"]
        assert all("lab" in user.teams for user in users)
        assert staffed.people.teams("lab")[0].is_default

    def test_a_user_can_be_changed(self, staffed: DatasetStore) -> None:
        people = self.act_as(staffed, "lab/ada").people
        user = people.update_user("mia", title="Mia M", email="m@lab.org", teams={"genetics": True})
        assert user == people.user("mia")
        assert (user.title, user.email) == ("Mia M", "m@lab.org")
        assert user.memberships == {"lab": False, "genetics": True}

    def test_a_user_who_is_removed_is_nobody_from_then_on(self, staffed: DatasetStore) -> None:
        mia = self.act_as(staffed, "lab/mia")
        assert KEY in mia
        staffed.people.remove_user("mia", organization="lab")
        assert mia.actor.user is None
        with pytest.raises(DatasetNotFoundError):
            mia.record(KEY)

    def test_the_settings_of_a_removed_user_do_not_come_back_with_the_name(
        self, staffed: DatasetStore
    ) -> None:
        self.act_as(staffed, "lab/mia").update_view_configuration(KEY, {"zoom": 7}, level="user")
        staffed.people.remove_user("mia", organization="lab")
        staffed.people.add_user("mia", teams=["imaging"], organization="lab")
        assert self.act_as(staffed, "lab/mia").view_levels(KEY).user == {}

    @pytest.mark.parametrize(
        "change",
        [
            lambda people: people.remove_user("ada"),
            lambda people: people.update_user("ada", is_admin=False),
        ],
    )
    def test_the_last_admin_stays(self, staffed: DatasetStore, change: Callable[[Any], None]) -> None:
        ada = self.act_as(staffed, "lab/ada")
        with pytest.raises(VoxshelfError, match="without an admin"):
            change(ada.people)
        assert ada.people.user("ada").is_admin
        ada.people.update_user("tom", is_admin=True)
        change(ada.people)
        assert [user.id for user in staffed.people.users("lab") if user.is_admin] == ["tom"]

    def test_a_name_is_given_once_in_an_organization(self, staffed: DatasetStore) -> None:
        with pytest.raises(NameTakenError):
            staffed.people.add_user("mia", organization="lab")
        assert staffed.people.add_user("mia", organization="clinic").organization == "clinic"

    @pytest.mark.parametrize("name", ["", " ", "a/b"])
    def test_a_name_that_is_none_is_refused(self, staffed: DatasetStore, name: str) -> None:
        with pytest.raises(VoxshelfError):
            staffed.people.add_user(name, organization="lab")

    @pytest.mark.parametrize("who", ["lab/dora", "lab/tom", "lab/mia", "clinic/zoe", ""])
    def test_only_admins_manage_people(self, staffed: DatasetStore, who: str) -> None:
        people = self.act_as(staffed, who).people
        calls: tuple[Callable[[], object], ...] = (
            lambda: people.add_user("new", organization="lab"),
            lambda: people.update_user("mia", is_admin=True, organization="lab"),
            lambda: people.remove_user("mia", organization="lab"),
            lambda: people.add_team("new", organization="lab"),
            lambda: people.rename_team("imaging", "new", organization="lab"),
            lambda: people.remove_team("imaging", organization="lab"),
            lambda: people.add_member("genetics", "mia", organization="lab"),
        )
        for call in calls:
            with pytest.raises(NotAllowedError):
                call()

    def test_an_organization_knows_nothing_of_another(self, staffed: DatasetStore) -> None:
        zoe = self.act_as(staffed, "clinic/zoe")
        assert [organization.name for organization in zoe.people.organizations()] == ["clinic"]
        for call in (zoe.people.users, zoe.people.teams, zoe.people.folders):
            with pytest.raises(NotFoundError) as caught:
                call("lab")
            with pytest.raises(NotFoundError) as unknown:
                call("none")
            assert str(caught.value) == str(unknown.value).replace("none", "lab")


class TeamsTests(StoreFixtures):
    """Named groups."""

    def test_members_come_and_go(self, staffed: DatasetStore) -> None:
        olga = self.act_as(staffed, "lab/olga")
        assert KEY not in olga
        staffed.people.add_member("imaging", "olga", organization="lab")
        assert KEY in olga
        staffed.people.remove_member("imaging", "olga", organization="lab")
        assert KEY not in olga

    def test_a_team_manager_adds_and_removes_members_of_their_own_team_only(
        self, staffed: DatasetStore
    ) -> None:
        people = self.act_as(staffed, "lab/tom").people
        people.add_member("imaging", "olga")
        people.remove_member("imaging", "olga")
        calls: tuple[Callable[[], object], ...] = (
            lambda: people.add_member("genetics", "mia"),
            lambda: people.remove_member("genetics", "olga"),
            lambda: people.add_member("imaging", "mia", is_manager=True),
            lambda: people.remove_member("imaging", "tom"),
        )
        for call in calls:
            with pytest.raises(NotAllowedError):
                call()

    def test_a_renamed_team_keeps_members_and_datasets(self, staffed: DatasetStore) -> None:
        staffed.people.rename_team("imaging", "microscopy", organization="lab")
        assert staffed.record(KEY).teams == ("microscopy",)
        assert KEY in self.act_as(staffed, "lab/mia")

    def test_a_dataset_whose_team_is_removed_has_no_team_again(self, staffed: DatasetStore) -> None:
        gus = self.act_as(staffed, "lab/gus")
        assert KEY not in gus
        staffed.people.remove_team("imaging", organization="lab")
        assert staffed.record(KEY).teams == ()
        assert KEY in gus
        assert KEY not in self.act_as(staffed, "lab/mia")

    def test_the_team_of_everybody_stays(self, staffed: DatasetStore) -> None:
        people = staffed.people
        calls: tuple[Callable[[], object], ...] = (
            lambda: people.remove_team("lab", organization="lab"),
            lambda: people.rename_team("lab", "other", organization="lab"),
            lambda: people.remove_member("lab", "mia", organization="lab"),
        )
        for call in calls:
            with pytest.raises(VoxshelfError, match="everybody"):
                call()

    def test_a_team_manager_sets_only_teams_that_they_manage(self, staffed: DatasetStore) -> None:
        staffed.update_permissions(KEY, teams=["imaging", "genetics"])
        tom = self.act_as(staffed, "lab/tom")
        for teams in (["imaging"], ["imaging", "genetics", "lab"]):
            with pytest.raises(NotAllowedError, match="not a manager of that team"):
                tom.update_permissions(KEY, teams=teams)
        assert tom.update_permissions(KEY, teams=["genetics"]).teams == ("genetics",)
        with pytest.raises(DatasetNotFoundError):
            tom.record(KEY)

    def test_an_owner_shares_with_teams_that_they_are_in(self, staffed: DatasetStore) -> None:
        staffed.update_permissions("lab/plain", owner="mia")
        mia = self.act_as(staffed, "lab/mia")
        assert mia.update_permissions("lab/plain", teams=["imaging"]).teams == ("imaging",)
        with pytest.raises(NotAllowedError):
            mia.update_permissions("lab/plain", teams=["genetics"])

    def test_only_owner_and_leaders_hand_a_dataset_over(self, staffed: DatasetStore) -> None:
        with pytest.raises(NotAllowedError, match="hand over"):
            self.act_as(staffed, "lab/tom").update_permissions(KEY, owner="tom")
        assert self.act_as(staffed, "lab/dora").update_permissions(KEY, owner="mia").owner == "mia"
        assert self.act_as(staffed, "lab/mia").update_permissions(KEY, owner="olga").owner == "olga"


class FoldersTests(StoreFixtures):
    """Folders, and what they hand down."""

    def test_what_a_folder_allows_all_below_it_allow(self, staffed: DatasetStore) -> None:
        staffed.people.add_folder("Data/2026", organization="lab")
        staffed.update_details(KEY, folder="Data/2026")
        olga = self.act_as(staffed, "lab/olga")
        assert KEY not in olga
        staffed.people.update_folder("Data", teams=["genetics"], organization="lab")
        assert KEY in olga
        record = staffed.record(KEY)
        assert (record.teams, record.inherited_teams) == (("imaging",), ("genetics",))
        staffed.people.update_folder("Data", teams=[], organization="lab")
        assert KEY not in olga

    def test_a_moved_folder_inherits_from_its_new_place(self, staffed: DatasetStore) -> None:
        staffed.people.add_folder("Open", teams=["genetics"], organization="lab")
        staffed.people.add_folder("Closed/Box", organization="lab")
        staffed.update_details(KEY, folder="Closed/Box")
        olga = self.act_as(staffed, "lab/olga")
        assert KEY not in olga
        staffed.people.move_folder("Closed/Box", "Open/Box", organization="lab")
        assert KEY in olga
        assert staffed.record(KEY).folder == "Open/Box"

    def test_folders_are_made_with_what_is_missing_above(self, staffed: DatasetStore) -> None:
        staffed.people.add_folder("a/b/c", organization="lab")
        assert [folder.path for folder in staffed.people.folders("lab")] == ["a", "a/b", "a/b/c"]
        with pytest.raises(NameTakenError):
            staffed.people.add_folder("a/b", organization="lab")

    def test_a_folder_has_metadata(self, staffed: DatasetStore) -> None:
        staffed.people.add_folder("a", organization="lab")
        entry = {"key": "grant", "type": "string", "value": "DFG"}
        staffed.people.update_folder("a", metadata=[entry], organization="lab")
        (folder,) = staffed.people.folders("lab")
        assert [known.model_dump() for known in folder.metadata] == [entry]
        with pytest.raises(InvalidDataSourceError):
            staffed.people.update_folder("a", metadata=[entry, entry], organization="lab")

    def test_only_an_empty_folder_is_removed(self, staffed: DatasetStore) -> None:
        staffed.update_details(KEY, folder="a/b")
        for path in ("a", "a/b"):
            with pytest.raises(VoxshelfError, match="not empty"):
                staffed.people.remove_folder(path, organization="lab")
        staffed.update_details(KEY, folder="")
        staffed.people.remove_folder("a/b", organization="lab")
        staffed.people.remove_folder("a", organization="lab")
        assert staffed.people.folders("lab") == ()

    def test_a_folder_is_known_to_those_who_find_something_in_it(self, staffed: DatasetStore) -> None:
        staffed.people.add_folder("Secret", teams=["genetics"], organization="lab")
        staffed.update_details(KEY, folder="Data/2026")
        seen = {
            who: [folder.path for folder in self.act_as(staffed, who).people.folders()]
            for who in ("lab/mia", "lab/olga", "lab/dora")
        }
        assert seen == {
            "lab/mia": ["Data", "Data/2026"],
            "lab/olga": ["Secret"],
            "lab/dora": ["Data", "Data/2026", "Secret"],
        }

    def test_a_dataset_goes_only_into_a_folder_that_one_manages(self, staffed: DatasetStore) -> None:
        staffed.people.add_folder("Imaging", teams=["imaging"], organization="lab")
        staffed.people.add_folder("Genetics", teams=["genetics"], organization="lab")
        tom = self.act_as(staffed, "lab/tom")
        assert tom.update_details(KEY, folder="Imaging").folder == "Imaging"
        for path in ("Genetics", "Genetics/New", "New"):
            with pytest.raises(NotAllowedError):
                tom.update_details(KEY, folder=path)
        assert tom.update_details(KEY, folder="Imaging/New").folder == "Imaging/New"

    @pytest.mark.parametrize("who", ["lab/mia", "lab/gus", "clinic/zoe", ""])
    def test_folders_are_managed_by_managers_of_their_teams(self, staffed: DatasetStore, who: str) -> None:
        staffed.people.add_folder("Imaging/Below", teams=["imaging"], organization="lab")
        staffed.people.update_folder("Imaging", teams=["imaging"], organization="lab")
        outside, tom = self.act_as(staffed, who).people, self.act_as(staffed, "lab/tom").people
        calls: tuple[Callable[[People], object], ...] = (
            lambda people: people.add_folder("Imaging/New", organization="lab"),
            lambda people: people.update_folder("Imaging/Below", teams=[], organization="lab"),
            lambda people: people.move_folder("Imaging/New", "Imaging/Renamed", organization="lab"),
            lambda people: people.remove_folder("Imaging/Renamed", organization="lab"),
        )
        for call in calls:
            with pytest.raises(NotAllowedError):
                call(outside)
            call(tom)

    @pytest.mark.parametrize("path", ["", "/", "a//b", "..", "a/ b", "a\0b"])
    def test_a_path_that_is_none_is_refused(self, staffed: DatasetStore, path: str) -> None:
        with pytest.raises(NotFoundError):
            staffed.people.add_folder(path, organization="lab")


class ExplainingTests(StoreFixtures):
    """Why, or why not and whom to ask."""

    @pytest.mark.parametrize(
        ("who", "action", "answer", "words"),
        [
            ("lab/ada", "delete", "yes", "Ada may delete lab/cells: admin of lab."),
            ("lab/dora", "share", "yes", "dora may share lab/cells: dataset manager of lab."),
            ("lab/tom", "edit", "yes", "manager of team 'imaging', which is allowed on it."),
            ("lab/mia", "read", "yes", "member of team 'imaging', which is allowed on it."),
            ("lab/mia", "edit", "no", "members only read"),
            ("lab/tom", "delete", "no", "Ask one of dora, Ada (ada@lab.org)."),
            ("lab/olga", "read", "no", "only team 'imaging' may. Ask one of tom, dora, Ada (ada@lab.org)."),
            ("clinic/zoe", "read", "no", "it belongs to another organization"),
        ],
    )
    def test_access_is_explained_in_a_sentence(
        self, staffed: DatasetStore, who: str, action: str, answer: str, words: str
    ) -> None:
        decision = staffed.explain_access(who, KEY, action)
        assert decision.allowed is (answer == "yes")
        assert words in str(decision)

    def test_the_explanation_agrees_with_what_happens(self, staffed: DatasetStore) -> None:
        for who in ("lab/ada", "lab/dora", "lab/tom", "lab/mia", "lab/gus", "lab/olga", "clinic/zoe"):
            rights = self.act_as(staffed, who).get(KEY)
            for action in ("see", "read", "edit", "share", "delete"):
                told = bool(staffed.explain_access(who, KEY, action))
                assert told is (rights is not None and rights.may(action))

    def test_one_may_always_ask_about_oneself(self, staffed: DatasetStore) -> None:
        mia = self.act_as(staffed, "lab/mia")
        assert not mia.explain_access("lab/mia", KEY, "edit")
        with pytest.raises(NotAllowedError):
            mia.explain_access("lab/tom", KEY, "edit")
        with pytest.raises(DatasetNotFoundError):
            self.act_as(staffed, "lab/olga").explain_access("lab/olga", KEY)

    def test_nobody_learns_who_there_is_in_another_organization(self, staffed: DatasetStore) -> None:
        for who in ("zoe", "clinic/zoe", "clinic/none"):
            with pytest.raises(NotFoundError, match="There is no user"):
                self.act_as(staffed, "lab/ada").explain_access(who, KEY)

    def test_a_folders_team_is_named_with_its_folder(self, staffed: DatasetStore) -> None:
        staffed.people.add_folder("Data", teams=["genetics"], organization="lab")
        staffed.update_details(KEY, folder="Data")
        told = str(staffed.explain_access("lab/olga", KEY))
        assert "which folder 'Data' allows" in told, told

    def test_everybody_with_access_is_listed_the_most_powerful_first(self, staffed: DatasetStore) -> None:
        staffed.update_permissions(KEY, owner="olga")
        listed = self.act_as(staffed, "lab/tom").who_has_access(KEY)
        assert [(access.user.id, access.role) for access in listed] == [
            ("ada", Role.ADMIN),
            ("dora", Role.DATASET_MANAGER),
            ("olga", Role.OWNER),
            ("tom", Role.TEAM_MANAGER),
            ("mia", Role.MEMBER),
        ]
        assert all(access.reason for access in listed)

    def test_by_default_admins_and_team_managers_see_a_dataset_and_members_do_not(
        self, staffed: DatasetStore
    ) -> None:
        seen = {
            who
            for who in ("ada", "dora", "tom", "mia", "gus", "olga")
            if "lab/plain" in self.act_as(staffed, f"lab/{who}")
        }
        assert seen == {"ada", "dora", "tom", "gus"}

    @pytest.mark.parametrize("quota", [-1, 1.5, "much", True, 2**63])
    def test_a_quota_that_is_no_number_of_bytes_is_refused(self, staffed: DatasetStore, quota: Any) -> None:
        for method in (staffed.people.add_organization, staffed.people.update_organization):
            with pytest.raises(VoxshelfError, match="is a number of bytes") as caught:
                method("lab", upload_quota=quota)
            assert "None means" in caught.value.hint


class PeopleTests(UsersTests, TeamsTests, FoldersTests, ExplainingTests):
    """People, and who of them may do what."""
