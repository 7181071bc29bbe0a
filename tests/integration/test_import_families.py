"""Family lists come into the registry: once, whole, and without losing what was known."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from moment import NOW
from sqlalchemy import func, select

from registry.db import Database
from registry.errors import Conflict
from registry.families.drafts import FamilyDraft
from registry.families.families import number_of
from registry.families.known_facts import current_family_facts
from registry.identifiers import FamilyNumber
from registry.importing import HeldChoice, ListRefused, decide_held, discard_list, owners_of
from registry.importing import applying as applying_module
from registry.importing.holding import open_rows
from registry.kinds import ListState, PersonState, Relation
from registry.models import Family, FamilyList, ListFinding, Person, PersonFacts, Revision
from registry.models import FamilyNumber as NumberRow
from tests.import_office import Office
from tests.lists import LISTED_ON, invent, rows_of, with_members

LATER, EARLIER = date(2026, 2, 28), date(2025, 12, 31)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path, NOW)


def test_a_clean_list_is_taken_whole_with_every_fact_and_no_finding(office: Office) -> None:
    families = invent(20)
    planned = office.plan_rows(rows_of(families))
    people = sum(len(family.people) for family in families)
    assert planned.counts["lines"] == planned.counts["lines_accept"] == people
    assert planned.counts["families_new"] == 20
    assert office.count()["family"] == 0, "a plan must not write families"
    applied = office.apply(planned.id)
    assert (applied.counts["new"], applied.resumed_from) == (20, 0)
    assert office.report(planned.id) == {}
    assert office.count()["person"] == people
    with office.database.reading() as session:
        for draft in families:
            family = office.family(draft)
            assert family is not None
            facts = current_family_facts(session, [family.id])[family.id]
            assert facts.desil is not None
            assert (facts.desil.value, facts.desil.source, facts.desil.as_of) == (draft.desil, "DTSEN", LISTED_ON)
            stored = session.get_one(Family, family.id)
            assert number_of(stored, office.keys.vault) == draft.number
            assert [person.name for person in stored.people] == [person.name for person in draft.people]


def test_no_number_stands_in_the_database_in_clear_after_an_import(office: Office) -> None:
    families = invent(3)
    rows = rows_of(families)
    rows[0]["hubungan"] = "Anak"
    office.take(rows)
    numbers = {person.nik for family in families for person in family.people} | {one.number for one in families}
    with office.database.engine.connect() as connection:
        for table in ("family", "family_number", "person", "held_family", "list_finding", "audit_line", "revision"):
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}"):
                text = " ".join(
                    bytes(v).decode("latin-1") if isinstance(v, bytes | memoryview) else str(v) for v in row
                )
                assert not [number for number in numbers if number in text]


def test_taking_the_same_list_again_changes_nothing(office: Office) -> None:
    rows = rows_of(with_members(15, at_least=3))
    rows[0]["hubungan"] = "Anak"  # a family that is held must not be held twice either
    office.take(rows)
    before = office.count()
    again = office.take(rows)
    assert office.count() == before
    assert (again.counts["same"], again.counts["held_before"], again.counts["held"]) == (14, 1, 0)
    assert set(office.audit_lines()) == {"list.planned", "list.applied"}


def test_a_newer_list_updates_and_keeps_what_was_there_before(office: Office) -> None:
    old = with_members(2, at_least=3)
    office.take(rows_of(old))
    head, *rest = old[0].people
    desil = (old[0].desil or 0) % 10 + 1
    people = (replace(head, name="Nama Baru"), *rest)
    new = replace(old[0], address="Jl. Baru No. 1", desil=desil, people=people)
    applied = office.take(rows_of([new, old[1]]), as_of=LATER)
    assert (applied.counts["changed"], applied.counts["same"]) == (1, 1)
    with office.database.reading() as session:
        revisions = {row.attribute: (row.before, row.after) for row in session.scalars(select(Revision))}
        assert revisions == {"address": (old[0].address, "Jl. Baru No. 1"), "name": (head.name, "Nama Baru")}
        family = office.family(new)
        assert family is not None
        known = current_family_facts(session, [family.id])[family.id].desil
        assert known is not None
        assert (known.value, known.as_of) == (desil, LATER)
    assert office.count()["family_facts"] == 3, "the family whose facts are the same gets no new row of facts"


def test_a_fact_that_changes_back_is_told_by_the_newest_list(office: Office) -> None:
    family = invent(1)[0]
    for desil, as_of in ((1, EARLIER), (2, LISTED_ON), (1, LATER)):
        office.take(rows_of([replace(family, desil=desil)]), as_of=as_of)
    stored = office.family(family)
    assert stored is not None
    with office.database.reading() as session:
        known = current_family_facts(session, [stored.id])[stored.id].desil
        assert known is not None
        assert (known.value, known.as_of) == (1, LATER)


def test_an_older_list_overwrites_nothing_not_even_after_a_list_that_only_confirmed(office: Office) -> None:
    family = invent(1)[0]
    office.take(rows_of([family]), as_of=EARLIER)
    office.take(rows_of([family]), as_of=LATER)
    before = office.count()
    applied = office.take(rows_of([replace(family, address="Jl. Lama", desil=9)]), as_of=LISTED_ON)
    assert applied.counts["older"] == 1
    assert office.count() == before
    stored = office.family(family)
    assert stored is not None
    assert (stored.address, stored.as_of) == (family.address, LATER)


def test_people_missing_from_a_newer_list_stay(office: Office) -> None:
    family = with_members(1, at_least=3)[0]
    office.take(rows_of([family]))
    applied = office.take(rows_of([replace(family, people=family.people[:-1])]), as_of=LATER)
    assert applied.counts["person_missing"] == 1
    gone = office.person(family.people[-1].nik)
    assert gone is not None
    assert gone.state is PersonState.LIVING


def test_a_newer_list_may_name_another_head(office: Office) -> None:
    family = with_members(1, at_least=3)[0]
    office.take(rows_of([family]))
    _, second, *rest = family.people
    widowed = replace(family, people=(replace(second, relation=Relation.HEAD), *rest))
    assert office.take(rows_of([widowed]), as_of=LATER).counts["changed"] == 1
    old_head, new_head = office.person(family.people[0].nik), office.person(second.nik)
    assert old_head is not None
    assert new_head is not None
    assert (old_head.relation, new_head.relation) == (Relation.OTHER, Relation.HEAD)


def test_heads_that_swap_places_do_not_meet_the_guard_of_one_head(office: Office) -> None:
    family = with_members(1, at_least=3)[0]
    office.take(rows_of([family]))
    first, second, *rest = family.people
    swapped = (replace(first, relation=Relation.OTHER), replace(second, relation=Relation.HEAD), *rest)
    office.take(rows_of([replace(family, people=swapped)]), as_of=LATER)
    with office.database.reading() as session:
        assert session.scalar(select(func.count()).where(Person.relation == Relation.HEAD)) == 1


def test_a_family_that_comes_back_under_another_number_is_the_same_family(office: Office) -> None:
    family = with_members(1, at_least=3)[0]
    office.take(rows_of([family]))
    renumbered = replace(family, number=FamilyNumber("6206050102269999"))
    assert office.take(rows_of([renumbered]), as_of=LATER).counts["changed"] == 1
    assert office.count()["family"] == 1
    assert office.family(family) is None
    assert office.family(renumbered) is not None
    with office.database.reading() as session:
        old, new = session.scalars(select(NumberRow).order_by(NumberRow.id))
        assert old.until is not None
        assert new.until is None
        revision = session.scalars(select(Revision).where(Revision.attribute == "number")).one()
        assert (revision.before, revision.after) == (family.number.masked, renumbered.number.masked)
    # the list with the old number, once more: it is the older one now
    assert office.take(rows_of([family])).counts["older"] == 1


def test_rows_of_a_family_need_not_stand_together(office: Office) -> None:
    families = with_members(6, at_least=3)
    rows = sorted(rows_of(families), key=lambda row: row["nama"])
    assert office.take(rows).counts["new"] == 6
    assert office.count()["person"] == len(rows)


def test_a_rejected_row_leaves_the_rest_of_the_family_in(office: Office) -> None:
    family = with_members(1, at_least=3)[0]
    rows = rows_of([family])
    rows[2]["nik"] = "6.20317E+15"
    planned = office.plan_rows(rows)
    office.apply(planned.id)
    fate, code, words = office.report(planned.id)[4]
    assert (fate, code) == ("reject", "nik_scientific")
    assert "Excel" in words
    assert office.count()["person"] == len(rows) - 1


def test_rows_that_disagree_follow_the_first_with_a_warning(office: Office) -> None:
    family = with_members(1, at_least=3)[0]
    rows = rows_of([family])
    rows[1]["alamat"] = "Jl. Lain"
    planned = office.plan_rows(rows)
    office.apply(planned.id)
    assert office.report(planned.id)[3][:2] == ["warn", "differs_in_family"]
    stored = office.family(family)
    assert stored is not None
    assert stored.address == family.address


def _held_for_head(office: Office) -> FamilyDraft:
    family = with_members(1, at_least=3)[0]
    rows = rows_of([family])
    rows[0]["nama"] = "  "
    planned = office.plan_rows(rows)
    office.apply(planned.id)
    report = office.report(planned.id)
    assert report[2][:2] == ["reject", "name_empty"]
    assert {tuple(report[line][:2]) for line in report if line > 2} == {("hold", "family_held")}
    assert "kepala keluarga" in report[3][2]
    return family


def _decide(office: Office, choice: HeldChoice) -> Family | None:
    [held] = [held for held in office.held() if held.decision is None]
    with office.database.writing() as session:
        held = session.merge(held)
        return decide_held(session, held, choice, actor=office.actor, keys=office.keys, at=office.at)


def test_a_family_without_a_head_waits_until_someone_chooses_one(office: Office) -> None:
    family = _held_for_head(office)
    assert office.count()["family"] == 0
    with pytest.raises(Conflict, match="family_without_head"):
        _decide(office, HeldChoice())
    taken = _decide(office, HeldChoice(head_line=3))
    assert taken is not None
    head = office.person(family.people[1].nik)
    assert head is not None
    assert head.relation is Relation.HEAD
    assert office.held()[0].decision == "head"
    assert office.audit_lines()[-1] == "held.decided"


def test_a_held_family_is_decided_once(office: Office) -> None:
    _held_for_head(office)
    [held] = office.held()
    _decide(office, HeldChoice(drop=True))
    assert office.count()["family"] == 0
    with office.database.writing() as session, pytest.raises(Conflict, match="held_decided"):
        decide_held(
            session, session.merge(held), HeldChoice(head_line=3), actor=office.actor, keys=office.keys, at=office.at
        )


def test_two_heads_are_held_and_the_chosen_one_stays(office: Office) -> None:
    family = with_members(1, at_least=3)[0]
    rows = rows_of([family])
    rows[1]["hubungan"] = "KEPALA KELUARGA"
    planned = office.plan_rows(rows)
    office.apply(planned.id)
    report = office.report(planned.id)
    assert [report[line][1] for line in (2, 3)] == ["two_heads", "two_heads"]
    assert report[4][1] == "family_held"
    _decide(office, HeldChoice(head_line=3))
    first, second = office.person(family.people[0].nik), office.person(family.people[1].nik)
    assert first is not None
    assert second is not None
    assert (first.relation, second.relation) == (Relation.OTHER, Relation.HEAD)


def _two_that_share_a_nik(office: Office) -> tuple[FamilyDraft, FamilyDraft]:
    """Import two families of which the second claims the last person of the first."""
    first, second = with_members(2, at_least=3)
    claimed = first.people[-1]
    second = replace(second, people=(*second.people, replace(claimed, relation=Relation.OTHER)))
    planned = office.plan_rows(rows_of([first, second]))
    office.apply(planned.id)
    report = office.report(planned.id)
    line_there, line_here = 1 + len(first.people), 1 + len(first.people) + len(second.people)
    assert report[line_there][:2] == ["warn", "nik_also_in_line"]
    assert str(line_here) in report[line_there][2]
    assert report[line_here][:2] == ["hold", "nik_in_two_families"]
    assert str(line_there) in report[line_here][2]
    return first, second


def test_a_nik_in_two_families_holds_the_second_and_can_be_kept_there(office: Office) -> None:
    first, second = _two_that_share_a_nik(office)
    assert office.count()["family"] == 1
    line = 1 + len(first.people) + len(second.people)
    with pytest.raises(Conflict, match="nik_in_two_families"):
        _decide(office, HeldChoice())
    taken = _decide(office, HeldChoice(leave_out=frozenset({line})))
    assert taken is not None
    there, person = office.family(first), office.person(first.people[-1].nik)
    assert there is not None
    assert person is not None
    assert person.family_id == there.id


def test_a_nik_in_two_families_can_be_moved_here_and_stays_moved_when_the_list_comes_again(office: Office) -> None:
    first, second = _two_that_share_a_nik(office)
    line = 1 + len(first.people) + len(second.people)
    taken = _decide(office, HeldChoice(move_here=frozenset({line})))
    assert taken is not None
    person = office.person(first.people[-1].nik)
    assert person is not None
    assert person.family_id == taken.id
    with office.database.reading() as session:
        moves = session.scalars(select(Revision).where(Revision.attribute == "family")).all()
    assert len(moves) == 2, "both families keep that the person went over"
    before = office.count()
    again = office.take(rows_of([first, second]))
    assert office.count() == before
    assert (again.counts["held"], again.counts["held_before"], again.counts["changed"]) == (0, 1, 0)


def test_a_nik_that_the_registry_has_elsewhere_holds_the_family(office: Office) -> None:
    first, second = with_members(2, at_least=3)
    office.take(rows_of([first]))
    joined = replace(second, people=(*second.people, replace(first.people[-1], relation=Relation.CHILD)))
    planned = office.plan_rows(rows_of([joined]), as_of=LATER)
    assert planned.counts["families_held"] == 1
    assert office.apply(planned.id).counts["held"] == 1
    report = office.report(planned.id)
    assert report[1 + len(joined.people)][1] == "nik_known_elsewhere"
    [held] = office.held()
    with office.database.reading() as session:
        owners = owners_of(session, open_rows(held, office.keys.vault), office.keys.vault)
    there = office.family(first)
    assert there is not None
    assert {line: family.id for line, family in owners.items()} == {1 + len(joined.people): there.id}


def test_strangers_under_a_known_number_are_held(office: Office) -> None:
    first, second = with_members(2, at_least=3)
    office.take(rows_of([first]))
    applied = office.take(rows_of([replace(second, number=first.number)]), as_of=LATER)
    assert applied.counts["held"] == 1
    assert office.held()[0].code == "number_of_another_family"


def test_a_newer_list_that_states_the_family_well_settles_what_was_held(office: Office) -> None:
    family = _held_for_head(office)
    assert office.take(rows_of([family]), as_of=LATER).counts["new"] == 1
    assert office.held()[0].decision == "superseded"


def test_an_interrupted_apply_goes_on_where_it_stopped_and_says_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying_module, "FAMILIES_AT_ONCE", 4)
    families = invent(10)
    path = office.folder / "daftar.csv"
    planned = office.plan_rows(rows_of(families))

    class PowerCutError(Exception):
        pass

    def cut(done: int, total: int) -> None:
        if done == 8:
            raise PowerCutError

    with pytest.raises(PowerCutError):
        office.apply(planned.id, progress=cut)
    assert office.count()["family"] == 8
    # whether the working file is still there or the list is read again, the same plan goes on
    assert office.plan(path).id == planned.id
    seen: list[tuple[int, int]] = []
    applied = office.apply(planned.id, progress=lambda done, total: seen.append((done, total)))
    assert (applied.resumed_from, applied.counts["new"]) == (8, 2)
    assert seen == [(10, 10)]
    assert office.count()["family"] == 10
    with pytest.raises(Conflict, match="list_applied"):
        office.apply(planned.id)


def test_a_list_whose_working_file_is_lost_resumes_after_it_was_read_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying_module, "FAMILIES_AT_ONCE", 4)
    planned = office.plan_rows(rows_of(invent(10)))

    def cut(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        office.apply(planned.id, progress=cut)
    for path in office.working_folder.iterdir():
        path.unlink()
    with pytest.raises(Conflict, match="working_file_missing"):
        office.apply(planned.id)
    office.plan(office.folder / "daftar.csv")
    assert office.apply(planned.id).resumed_from == 4
    assert office.count()["family"] == 10


def test_a_piece_that_fails_leaves_nothing_of_itself(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = office.plan_rows(rows_of(invent(5)))

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the audit trail cannot be written")

    monkeypatch.setattr(applying_module, "record", fail)
    with pytest.raises(RuntimeError):
        office.apply(planned.id)
    assert office.count()["family"] == 0
    with office.database.reading() as session:
        assert session.get_one(FamilyList, planned.id).state is ListState.PLANNED


def test_the_working_file_is_private_and_gone_after_the_apply(office: Office) -> None:
    planned = office.plan_rows(rows_of(invent(2)))
    [path] = office.working_folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(office.working_folder.stat().st_mode) == 0o700
    office.apply(planned.id)
    assert list(office.working_folder.iterdir()) == []


def test_a_refused_file_leaves_nothing_behind(office: Office) -> None:
    path = office.folder / "daftar.csv"
    path.write_text("nama,alamat\nA,B\n")
    with pytest.raises(ListRefused) as refused:
        office.plan(path)
    assert refused.value.code == "columns_missing"
    assert list(office.working_folder.iterdir()) == []
    with office.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(FamilyList)) == 0


def test_planning_again_replaces_the_earlier_plan(office: Office) -> None:
    rows = rows_of(invent(2))
    rows[0]["desil"] = "11"
    first, second = office.plan_rows(rows), office.plan_rows(rows)
    with office.database.reading() as session:
        assert list(session.scalars(select(FamilyList.id))) == [second.id]
        assert set(session.scalars(select(ListFinding.list_id))) == {second.id}
    assert first.id != second.id
    assert len(list(office.working_folder.iterdir())) == 1


def test_a_plan_can_be_discarded_until_it_is_begun(office: Office) -> None:
    planned = office.plan_rows(rows_of(invent(2)))
    with office.database.writing() as session:
        discard_list(session, session.get_one(FamilyList, planned.id), **office.discarding)
    assert list(office.working_folder.iterdir()) == []
    planned = office.plan_rows(rows_of(invent(2)))
    office.apply(planned.id)
    with office.database.writing() as session, pytest.raises(Conflict, match="list_begun"):
        discard_list(session, session.get_one(FamilyList, planned.id), **office.discarding)


def test_a_person_about_whom_the_list_says_nothing_gets_no_facts(office: Office) -> None:
    rows = rows_of(invent(1))
    for row in rows:
        row.update(pekerjaan="", jkn="", nisn="", hamil="")
    office.take(rows)
    with office.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PersonFacts)) == 0
