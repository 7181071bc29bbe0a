"""Which families a list named is kept, and cards are chosen by it and by nothing that only looks like it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from moment import NOW
from sqlalchemy import select

from registry.cards.cards import issue_card
from registry.db import Database
from registry.families.drafts import FamilyDraft
from registry.giving.redemptions import ensure_own_hub
from registry.importing import HeldChoice, decide_held
from registry.importing import applying as applying_module
from registry.keys.keys import trust_issuing_key
from registry.kinds import BatchChoice
from registry.models import Card, Family, ListedFamily
from registry.prints.choosing import choose_cards
from registry.programmes.catalogue import load_programmes
from registry.regions import PROVINCE
from tests.import_office import Office
from tests.lists import LISTED_ON, invent, rows_of, with_members

LATER, EARLIER = date(2026, 2, 28), date(2025, 12, 31)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path, NOW)


def ids(office: Office, drafts: Iterable[FamilyDraft]) -> set[UUID]:
    found = [office.family(draft) for draft in drafts]
    return {family.id for family in found if family is not None}


def named(office: Office, list_id: UUID) -> set[UUID]:
    with office.database.reading() as session:
        return set(session.scalars(select(ListedFamily.family_id).where(ListedFamily.list_id == list_id)))


def decide(office: Office, choice: HeldChoice) -> None:
    [held] = [held for held in office.held() if held.decision is None]
    with office.database.writing() as session:
        decide_held(session, session.merge(held), choice, actor=office.actor, keys=office.keys, at=office.at)


def two_heads(family: FamilyDraft) -> list[dict[str, str]]:
    rows = rows_of([family])
    rows[1]["hubungan"] = "KEPALA KELUARGA"
    return rows


def chosen(office: Office, list_id: UUID) -> Sequence[UUID]:
    """Return the families whose cards a batch of the list would hold."""
    with office.database.reading() as session:
        cards = choose_cards(session, BatchChoice.LIST, str(list_id), area=PROVINCE, at=NOW)
        return session.scalars(select(Card.family_id).where(Card.id.in_(cards))).all()


def test_a_family_of_another_list_with_the_same_date_and_source_is_not_chosen(office: Office) -> None:
    families = invent(6)
    first, second = (office.take(rows_of(some)).list_id for some in (families[:4], families[4:]))
    with office.database.writing() as session:
        load_programmes(session, at=NOW)
        trust_issuing_key(session, office.keys)
        ensure_own_hub(session, "Uji")
        for family in session.scalars(select(Family)).all():
            issue_card(session, family, actor=office.actor, keys=office.keys, at=NOW)
    assert sorted(chosen(office, first)) == sorted(ids(office, families[:4]))
    assert sorted(chosen(office, second)) == sorted(ids(office, families[4:]))


def test_a_list_names_whom_it_brings_changes_confirms_and_knows_less_well(office: Office) -> None:
    known, changed, newer, fresh, other = invent(5)
    office.take(rows_of([known, changed, other]))
    office.take(rows_of([newer]), as_of=LATER)
    families = [known, replace(changed, address="Jl. Baru No. 1"), newer, fresh]
    applied = office.take(rows_of(families))
    assert [applied.counts[step] for step in ("same", "changed", "older", "new")] == [1, 1, 1, 1]
    assert named(office, applied.list_id) == ids(office, families)


def test_a_family_is_named_by_each_list_that_it_stands_on(office: Office) -> None:
    families = invent(3)
    lists = [office.take(rows_of(families), as_of=as_of).list_id for as_of in (LISTED_ON, LATER, LATER)]
    assert [named(office, one) for one in lists] == [ids(office, families)] * 3


def test_a_family_outside_the_area_of_those_who_bring_the_list_is_not_named(office: Office) -> None:
    family = invent(1)[0]
    office.take(rows_of([family]), as_of=LATER)
    elsewhere = replace(family, village_code="62.71.01.1001")
    applied = office.take(rows_of([elsewhere]), area="62.71")
    assert applied.counts["older"] == 1
    assert named(office, applied.list_id) == set()


def test_a_family_that_waits_is_named_once_it_is_decided(office: Office) -> None:
    family = with_members(1, at_least=3)[0]
    applied = office.take(two_heads(family))
    assert named(office, applied.list_id) == set()
    decide(office, HeldChoice(head_line=2))
    assert named(office, applied.list_id) == ids(office, [family])


def test_a_family_that_was_decided_is_named_by_the_next_list_with_the_same_rows(office: Office) -> None:
    family = with_members(1, at_least=3)[0]
    office.take(two_heads(family))
    decide(office, HeldChoice(head_line=2))
    again = office.take(two_heads(family))
    assert again.counts["held_before"] == 1
    assert named(office, again.list_id) == ids(office, [family])


def test_a_family_that_was_dropped_is_named_by_no_list(office: Office) -> None:
    family = with_members(1, at_least=3)[0]
    office.take(rows_of([family]), as_of=EARLIER)
    applied = office.take(two_heads(family))
    decide(office, HeldChoice(drop=True))
    again = office.take(two_heads(family))
    assert named(office, applied.list_id) == named(office, again.list_id) == set()


def test_an_interrupted_list_names_each_family_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying_module, "FAMILIES_AT_ONCE", 4)
    families = invent(10)
    planned = office.plan_rows(rows_of(families))
    office.apply(planned.id, goes_on=lambda: False)
    assert named(office, planned.id) == ids(office, families[:4])
    office.apply(planned.id)
    assert named(office, planned.id) == ids(office, families)
