"""A list touches nothing outside the area of those who bring it, and each point's lists are its own."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from moment import NOW
from sqlalchemy import func, select

from registry.db import Database
from registry.errors import Conflict
from registry.families.drafts import FamilyDraft
from registry.identifiers import FamilyNumber
from registry.importing import HeldChoice, ListRefused, decide_held, discard_list, open_rows, rehearse_held
from registry.importing import applying as applying_module
from registry.importing.staging import Staging
from registry.importing.waiting import people_known
from registry.kinds import ListState
from registry.models import AuditLine, FamilyList, HeldFamily
from tests.import_office import Office
from tests.lists import LISTED_ON, rows_of, with_members

LATER, LATEST = date(2026, 2, 14), date(2026, 2, 28)
THEIRS, OURS, OUR_VILLAGE = "62.06.05", "62.71", "62.71.01.1001"


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path, NOW)


def _theirs(office: Office) -> FamilyDraft:
    """Import a family of another area than ours."""
    family = replace(with_members(1, at_least=3)[0], village_code="62.06.05.2003")
    office.take(rows_of([family]))
    return family


def _content(office: Office) -> dict[str, int]:
    return {table: count for table, count in office.count().items() if table != "held_family"}


def _decide(office: Office, choice: HeldChoice, *, area: str) -> None:
    [held] = [held for held in office.held() if held.decision is None]
    rest = {"area": area, "actor": office.actor, "keys": office.keys, "at": office.at}
    with office.database.writing() as session:
        decide_held(session, session.merge(held), choice, **rest)


def test_a_list_cannot_take_over_a_family_of_another_area_by_its_number(office: Office) -> None:
    family = _theirs(office)
    before = _content(office)
    claimed = replace(family.people[0], name="Nama Lain")
    stolen = replace(family, village_code=OUR_VILLAGE, people=(claimed,))
    planned = office.plan_rows(rows_of([stolen]), as_of=LATER, area=OURS)
    assert planned.counts["families_held"] == 1
    assert office.apply(planned.id).counts["held"] == 1
    assert _content(office) == before
    assert office.report(planned.id)[2][:2] == ["hold", "family_outside_area"]
    stored = office.family(family)
    assert stored is not None
    assert stored.village_code == family.village_code


def test_a_list_cannot_take_over_a_family_of_another_area_by_its_people(office: Office) -> None:
    family = _theirs(office)
    moved = replace(family, number=FamilyNumber(family.number[:-4] + "9999"), village_code=OUR_VILLAGE)
    applied = office.take(rows_of([moved]), as_of=LATER, area=OURS)
    assert (applied.counts["held"], applied.counts["changed"]) == (1, 0)
    assert office.held()[0].code == "family_outside_area"
    assert office.family(family) is not None


@pytest.mark.parametrize("same", [True, False])
def test_deciding_does_not_reach_into_another_area_either(office: Office, same: bool) -> None:
    family = _theirs(office)
    stranger = with_members(2, at_least=3)[1]
    people = stranger.people if same else family.people
    rows = rows_of([replace(family, village_code=OUR_VILLAGE, people=people)])
    rows[1]["hubungan"] = "Kepala Keluarga"
    office.take(rows, as_of=LATER, area=OURS)
    before = _content(office)
    choice = HeldChoice(head_line=2, is_same_family=same)
    with pytest.raises(Conflict, match="family_outside_area"):
        _decide(office, choice, area=OURS)
    assert _content(office) == before
    _decide(office, choice, area="62")
    stored = office.family(family)
    assert stored is not None
    assert stored.village_code == OUR_VILLAGE


def test_a_list_applied_by_a_wider_office_keeps_to_the_area_of_those_who_brought_it(office: Office) -> None:
    family = _theirs(office)
    planned = office.plan_rows(rows_of([replace(family, village_code=OUR_VILLAGE)]), as_of=LATER, area=OURS)
    assert planned.area_code == OURS
    office.apply(planned.id)
    stored = office.family(family)
    assert stored is not None
    assert stored.village_code == family.village_code


def test_a_family_that_waits_in_another_area_goes_on_waiting(office: Office) -> None:
    family = replace(with_members(1, at_least=3)[0], village_code="62.06.05.2003")
    rows = rows_of([family])
    rows[1]["hubungan"] = "Kepala Keluarga"
    office.take(rows)
    ours = replace(family, village_code=OUR_VILLAGE)
    held_too = rows_of([ours])
    held_too[1]["hubungan"] = "Kepala Keluarga"
    office.take(held_too, as_of=LATER, area=OURS)
    assert [held.decision for held in office.held()] == [None, None]
    office.take(rows_of([ours]), as_of=LATEST, area=OURS)
    assert [held.decision for held in office.held()] == [None, "superseded"]


def test_of_people_elsewhere_a_guessed_nik_brings_out_nothing(office: Office) -> None:
    family = _theirs(office)
    office.take(rows_of([replace(family, village_code=OUR_VILLAGE)]), as_of=LATER, area=OURS)
    [held] = office.held()
    with office.database.reading() as session:
        rows = open_rows(held, office.keys.vault)
        assert people_known(session, rows, office.keys.vault, area=OURS) == {}
        assert len(people_known(session, rows, office.keys.vault, area=THEIRS)) == len(family.people)


def _begun(office: Office, monkeypatch: pytest.MonkeyPatch, area: str = "62") -> FamilyList:
    monkeypatch.setattr(applying_module, "FAMILIES_AT_ONCE", 4)
    families = [replace(one, village_code=OUR_VILLAGE) for one in with_members(10, at_least=2)]
    planned = office.plan_rows(rows_of(families), area=area)
    office.apply(planned.id, goes_on=lambda: False)
    return planned


def test_another_point_does_not_get_the_interrupted_list_of_this_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = _begun(office, monkeypatch)
    office.actor = office.at_point("LAIN", OURS)
    assert office.plan(office.folder / "daftar.csv", area=OURS).id != planned.id


def test_a_list_is_read_again_with_its_own_area_and_day(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = _begun(office, monkeypatch, area=OURS)
    Staging.place_of(office.working_folder, planned.id).unlink()
    # the point serves another area by now, and none of these families would be taken
    assert office.plan(office.folder / "daftar.csv", area=THEIRS).id == planned.id
    assert office.apply(planned.id).counts["new"] == 6


def test_a_list_that_reads_differently_is_not_resumed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = _begun(office, monkeypatch)
    Staging.place_of(office.working_folder, planned.id).unlink()
    with office.database.writing() as session:
        session.get_one(FamilyList, planned.id).area_code = THEIRS
    with pytest.raises(Conflict, match="list_reads_differently"):
        office.plan(office.folder / "daftar.csv")
    assert list(office.working_folder.iterdir()) == []


def test_a_working_file_of_another_plan_is_not_applied_for_ever(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = _begun(office, monkeypatch)
    other = office.plan_rows(rows_of(with_members(2, at_least=2, seed=8)))
    Staging.place_of(office.working_folder, other.id).replace(Staging.place_of(office.working_folder, planned.id))
    lines = office.audit_lines()
    with pytest.raises(Conflict, match="list_reads_differently"):
        office.apply(planned.id)
    assert office.audit_lines() == lines


def test_planning_at_another_point_leaves_this_points_plan(office: Office) -> None:
    rows = rows_of(with_members(2, at_least=2))
    first = office.plan_rows(rows)
    office.actor = office.at_point("LAIN", "62")
    second = office.plan_rows(rows)
    with office.database.reading() as session:
        assert set(session.scalars(select(FamilyList.id))) == {first.id, second.id}
    assert len(list(office.working_folder.iterdir())) == 2


def test_planning_and_discarding_leave_their_lines(office: Office) -> None:
    planned = office.plan_rows(rows_of(with_members(2, at_least=2)))
    with office.database.writing() as session:
        discard_list(session, session.get_one(FamilyList, planned.id), **office.discarding)
    with office.database.reading() as session:
        found = session.execute(select(AuditLine.action, AuditLine.subject).order_by(AuditLine.seq)).all()
    subject = f"family_list:{planned.id}"
    assert list(map(tuple, found)) == [("list.planned", subject), ("list.discarded", subject)]


def _with_two_heads(family: FamilyDraft, name: str) -> list[dict[str, str]]:
    rows = rows_of([family])
    rows[1] |= {"hubungan": "Kepala Keluarga", "nama": name}
    return rows


def test_rows_that_come_back_after_others_wait_again(office: Office) -> None:
    family = with_members(1, at_least=3)[0]
    for name, as_of in (("Budi", LISTED_ON), ("Cici", LATER), ("Budi", LATEST)):
        office.take(_with_two_heads(family, name), as_of=as_of)
    decisions = [held.decision for held in office.held()]
    assert decisions == ["superseded", "superseded", None]
    assert office.take(_with_two_heads(family, "Budi"), as_of=LATEST).counts["held_before"] == 1


def test_an_older_list_does_not_push_aside_what_waits_from_a_newer_one(office: Office) -> None:
    family = with_members(1, at_least=3)[0]
    office.take(_with_two_heads(family, "Cici"), as_of=LATER)
    applied = office.take(_with_two_heads(family, "Budi"), as_of=LISTED_ON)
    assert (applied.counts["held"], applied.counts["held_before"]) == (0, 1)
    office.take(rows_of([family]), as_of=LISTED_ON)
    assert [held.decision for held in office.held()] == [None]


def test_a_rehearsal_changes_nothing_and_refuses_what_would_be_refused(office: Office) -> None:
    family = with_members(1, at_least=3)[0]
    office.take(_with_two_heads(family, "Cici"))
    before, lines = office.count(), office.audit_lines()
    [held] = office.held()
    rest = {"actor": office.actor, "keys": office.keys, "at": office.at}
    with office.database.writing() as session:
        held = session.get_one(HeldFamily, held.id)
        rehearse_held(session, held, HeldChoice(head_line=2), **rest)
        with pytest.raises(Conflict, match="two_heads"):
            rehearse_held(session, held, HeldChoice(), **rest)
        assert held.decision is None
    assert (office.count(), office.audit_lines()) == (before, lines)
    assert [held.decision for held in office.held()] == [None]


def test_a_list_for_a_day_to_come_is_refused_whoever_brings_it(office: Office) -> None:
    with pytest.raises(ListRefused, match="list_from_future"):
        office.plan_rows(rows_of(with_members(1, at_least=2)), as_of=date(2026, 3, 3))
    with office.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(FamilyList)) == 0


def test_the_day_is_that_of_the_counter(office: Office) -> None:
    """At 23.00 UTC it is the next morning in Kalimantan Tengah, and someone may have been born then."""
    office.at = datetime(2026, 3, 2, 23, tzinfo=UTC)
    rows = rows_of(with_members(1, at_least=3))
    rows[2]["tanggal_lahir"] = "2026-03-03"
    planned = office.plan_rows(rows, as_of=date(2026, 3, 3))
    assert planned.counts["lines_reject"] == 0


def test_what_a_power_cut_left_of_a_list_is_swept_away(office: Office) -> None:
    office.working_folder.mkdir(mode=0o700)
    old, fresh = office.at - timedelta(hours=2), office.at - timedelta(minutes=2)
    for name, left_at in (("a.received", old), ("b.making", old), ("c.received", fresh), ("d.sqlite", old)):
        path = office.working_folder / name
        path.write_text("6206051703103001")
        os.utime(path, (left_at.timestamp(), left_at.timestamp()))
    office.apply(office.plan_rows(rows_of(with_members(1, at_least=2))).id)
    assert sorted(path.name for path in office.working_folder.iterdir()) == ["c.received", "d.sqlite"]


def test_a_list_that_is_being_read_has_no_working_file_yet(office: Office) -> None:
    family_list = office.plan_rows(rows_of(with_members(1, at_least=2)))
    place = Staging.place_of(office.working_folder, family_list.id)
    with Staging.making(office.working_folder, family_list.id) as staging:
        assert staging.path != place
        assert place.exists(), "half a file has replaced the whole one"
    assert family_list.state is ListState.PLANNED
