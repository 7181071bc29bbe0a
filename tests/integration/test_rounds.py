"""Rounds: prepared, listed by the programme's rule, opened and closed, with a roster per place."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from giving_scene import OTHER_VILLAGE, VILLAGE, Scene, set_scene
from moment import NOW
from sqlalchemy import func, select

import registry
from registry.audit import verify_chains
from registry.db import Database, new_id
from registry.errors import Conflict, RegistryError
from registry.giving.tallies import RoundTally, tally_balances, tally_places, tally_rounds
from registry.kinds import FamilyState, RoundState
from registry.models import (
    AuditLine,
    Balance,
    Determination,
    Entitlement,
    Family,
    FamilyFacts,
    Programme,
    Roster,
    RosterVillage,
    Round,
)
from registry.programmes.addenda import remove_from_list
from registry.programmes.catalogue import load_programmes
from registry.programmes.rounds import UNNUMBERED, Place, close_round, prepare_round, rounds_at
from verify.reasons import ReasonCode
from verify.rounds import Why, open_round_for_villages

TODAY = date(2026, 3, 2)
LISTED = (Path(registry.__file__).parent / "data" / "programmes.toml").read_text(encoding="utf-8")
PASAR_AMOUNT = 'legal_reference = "Juknis Pasar Murah 2026 (nomor SK diisi Disdagperin)"\n'
NEXT_AMOUNT = """
[[programme.amount]]
valid_from = 2026-03-10
value = 180_000
price = 20_000
legal_reference = "Juknis 2"
"""


@pytest.fixture
def scene(database: Database) -> Scene:
    return set_scene(database, NOW, families=6)


def open_market(session, scene, **other):
    usual = {
        "name": "Pasar Maret",
        "opens_on": TODAY,
        "closes_on": TODAY + timedelta(days=2),
        "places": [Place(scene.point_id, [VILLAGE]), Place(scene.other_point_id, [OTHER_VILLAGE])],
    }
    return open_round_for_villages(session, "PASAR", **(usual | other), **scene.rest)


def say(session, family_id, as_of=date(2026, 2, 1), **facts) -> None:
    session.add(FamilyFacts(family_id=family_id, source="Verifikasi", as_of=as_of, recorded_at=NOW, **facts))


def test_a_round_lists_the_families_that_pass_the_rule_of_its_programme(database, scene):
    with database.writing() as session:
        say(session, scene.families[0], desil=5)
        say(session, scene.families[1], desil=4, receives_pkh=True)
        say(session, scene.families[2], desil=9, receives_sembako=True)
        say(session, scene.families[3], receives_pkh=False)
        say(session, scene.families[4], as_of=date(2025, 1, 1), desil=9)
        session.get_one(Family, scene.families[5]).state = FamilyState.MOVED
        session.flush()
        opened = open_market(session, scene)
    assert (opened.entitled, opened.not_entitled) == (3, 2)
    assert opened.reasons == {Why(ReasonCode.CLAUSE_FAILED, "batas desil 4"): 2}
    assert opened.evaluation.villages == {VILLAGE: (3, 2)}
    with database.reading() as session:
        listed = select(Entitlement.family_id, Roster.point_id).join(Roster, Roster.id == Entitlement.roster_id)
        rows = session.execute(listed.where(Entitlement.round_id == opened.round.id))
        assert {tuple(row) for row in rows} == {(scene.families[at], scene.point_id) for at in (1, 3, 4)}


def test_a_family_without_any_facts_is_not_entitled(database, scene):
    with database.writing() as session:
        session.add(
            Family(
                reference="tanpadesil",
                card_family_id=99,
                village_code=OTHER_VILLAGE,
                as_of=TODAY,
                created_at=NOW,
                updated_at=NOW,
            )
        )
        session.flush()
        assert open_market(session, scene).reasons == {Why(ReasonCode.CLAUSE_UNKNOWN, "batas desil 4"): 1}


def test_a_round_knows_which_villages_come_to_which_place(database, scene):
    with database.writing() as session:
        opened = open_market(session, scene)
        served = select(RosterVillage.village_code, Roster.point_id).join(Roster, Roster.id == RosterVillage.roster_id)
        rows = session.execute(served.where(RosterVillage.round_id == opened.round.id))
        assert dict(rows.all()) == {VILLAGE: scene.point_id, OTHER_VILLAGE: scene.other_point_id}


def test_a_round_has_one_roster_per_place_and_the_amounts_of_its_first_day(database, scene):
    with database.writing() as session:
        load_programmes(session, LISTED.replace(PASAR_AMOUNT, PASAR_AMOUNT + NEXT_AMOUNT), at=NOW)
        early = open_market(session, scene).round
        late = open_market(
            session,
            scene,
            name="Pasar April",
            opens_on=TODAY + timedelta(days=30),
            closes_on=TODAY + timedelta(days=31),
        ).round
    with database.reading() as session:
        early, late = session.get_one(Round, early.id), session.get_one(Round, late.id)
        assert (early.value, early.price) == (150_000, 15_000)
        assert (late.value, late.price, late.legal_reference) == (180_000, 20_000, "Juknis 2")
        assert {roster.point_id for roster in early.rosters} == {scene.point_id, scene.other_point_id}


def test_an_event_may_be_free_but_never_dearer(database, scene):
    with database.writing() as session:
        assert open_market(session, scene, price=0).round.price == 0
        with pytest.raises(RegistryError, match="price_too_high"):
            open_market(session, scene, name="Lain", price=15_001)
        with pytest.raises(RegistryError, match="price_too_high"):
            open_market(session, scene, name="Lain", price=-1)


def test_opening_leaves_a_line_for_each_step(database, scene):
    with database.writing() as session:
        opened = open_market(session, scene, decree_number="460/12/2026")
    with database.reading() as session:
        lines = session.scalars(select(AuditLine).order_by(AuditLine.seq)).all()
        assert [line.action for line in lines] == ["round.prepared", "round.determined", "round.opened"]
        assert {line.subject for line in lines} == {f"round:{opened.round.id}"}
        assert '"decree":"460/12/2026"' in lines[1].detail
        assert '"entitled":6' in lines[2].detail
        assert verify_chains(session, key=scene.keys.audit_key) == []


def test_opening_in_one_step_freezes_the_list_under_its_decree(database, scene):
    with database.writing() as session:
        named = open_market(session, scene, decree_number="460/12/2026", decree_date=date(2026, 2, 27)).round
        unnamed = open_market(session, scene, name="Latihan").round
    with database.reading() as session:
        determined = session.get_one(Determination, named.id)
        assert (determined.decree_number, determined.decree_date) == ("460/12/2026", date(2026, 2, 27))
        assert (determined.entitled, determined.programme_version) == (6, 1)
        assert [clause["code"] for clause in determined.clauses] == ["desil"]
        assert session.get_one(Determination, unnamed.id).decree_number == UNNUMBERED


def test_what_is_only_recorded_has_no_rounds(database, scene):
    with database.writing() as session, pytest.raises(RegistryError, match="programme_without_rounds"):
        prepare_round(
            session,
            "BEROBAT",
            name="Berobat",
            opens_on=TODAY,
            closes_on=TODAY,
            places=[Place(scene.point_id, [])],
            **scene.rest,
        )


def test_a_stopped_programme_opens_no_round(database, scene):
    with database.writing() as session:
        session.get_one(Programme, "PASAR").is_withdrawn = True
        with pytest.raises(Conflict, match="programme_stopped"):
            open_market(session, scene)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"name": "  "}, "round_name_empty"),
        ({"closes_on": TODAY - timedelta(days=1)}, "round_days_reversed"),
        ({"places": []}, "round_without_places"),
        ({"opens_on": date(2025, 12, 1)}, "amount_missing"),
    ],
)
def test_a_round_that_makes_no_sense_is_not_opened(database, scene, other, code):
    with database.writing() as session, pytest.raises(RegistryError, match=code):
        open_market(session, scene, **other)


def test_no_village_and_no_place_stands_twice_in_a_round(database, scene):
    with database.writing() as session:
        with pytest.raises(RegistryError, match="village_twice"):
            open_market(
                session, scene, places=[Place(scene.point_id, [VILLAGE]), Place(scene.other_point_id, [VILLAGE])]
            )
        with pytest.raises(RegistryError, match="place_twice"):
            open_market(
                session, scene, places=[Place(scene.point_id, [VILLAGE]), Place(scene.point_id, [OTHER_VILLAGE])]
            )


def test_a_manager_counts_what_lies_in_the_own_area_only(database, scene):
    with database.writing() as session:
        market = open_market(session, scene).round

    def tally(area: str) -> RoundTally:
        with database.reading() as session:
            return next(one for one in tally_rounds(session, area=area) if one.round.id == market.id)

    here, there, above = tally(VILLAGE), tally(OTHER_VILLAGE), tally("62.06.05")
    assert (here.places, here.entitled, here.is_whole) == (1, 6, False)
    assert (there.places, there.entitled, there.is_whole) == (1, 0, False)
    assert (above.places, above.entitled, above.is_whole) == (2, 6, True)


def test_a_removed_right_counts_no_more_and_a_spent_balance_counts_as_one(database, scene):
    with database.writing() as session:
        market = open_market(session, scene).round
        remove_from_list(session, market, scene.families[0], None, number="ADD-1", reason="pindah", **scene.rest)
        yearly = open_round_for_villages(
            session,
            "BELANJA",
            name="2026",
            opens_on=TODAY,
            closes_on=TODAY,
            places=[Place(scene.point_id, [VILLAGE])],
            **scene.rest,
        ).round
        balance = session.scalars(select(Balance).where(Balance.round_id == yearly.id)).first()
        balance.spent = 15_000
        session.flush()
        tallies = {one.round.id: (one.entitled, one.given) for one in tally_rounds(session, area="62")}
        places = tally_places(session, market.id)
        balances = tally_balances(session, yearly.id)
    assert (tallies[market.id], tallies[yearly.id]) == ((5, 0), (6, 1))
    assert {(one.point, one.entitled, one.left) for one in places} == {
        ("Balai Desa Tumbang Contoh", 5, 5),
        ("Balai Desa Danau Contoh", 0, 0),
    }
    assert (balances.families, balances.granted, balances.spent) == (6, 12_000_000, 15_000)


def test_a_name_is_taken_once_per_programme(database, scene):
    with database.writing() as session:
        open_market(session, scene)
        with pytest.raises(Conflict, match="round_name_taken"):
            open_market(session, scene, name=" Pasar Maret ")


def test_the_rounds_of_a_point_are_those_of_today(database, scene):
    with database.writing() as session:
        market = open_market(session, scene).round
        ids = {one.id for one in rounds_at(session, scene.point_id, at=NOW)}
        assert ids == {market.id, scene.round_id}
        assert [one.id for one in rounds_at(session, scene.other_point_id, at=NOW)] == [market.id]
        assert rounds_at(session, scene.other_point_id, at=NOW + timedelta(days=3)) == []
        assert rounds_at(session, scene.other_point_id, at=NOW - timedelta(days=1)) == []
        assert rounds_at(session, new_id(), at=NOW) == []


def test_a_round_is_closed_once_and_for_good(database, scene):
    with database.writing() as session:
        market = open_market(session, scene).round
        close_round(session, market, **scene.rest)
        with pytest.raises(Conflict, match="round_closed"):
            close_round(session, market, **scene.rest)
    with database.reading() as session:
        assert session.get_one(Round, market.id).state is RoundState.CLOSED
        assert rounds_at(session, scene.other_point_id, at=NOW) == []
        assert "round.closed" in session.scalars(select(AuditLine.action)).all()


def test_another_limit_of_the_rule_is_data(database, scene):
    with database.writing() as session:
        say(session, scene.families[0], desil=6)
        clause = {"code": "desil", "expression": "desil <= 6", "words": "batas desil 6"}
        session.get_one(Programme, "PASAR").clauses = [clause]
        assert open_market(session, scene).entitled == 6


def test_a_balance_is_listed_for_each_family_of_a_programme_that_is_spent(database, scene):
    with database.writing() as session:
        opened = open_round_for_villages(
            session,
            "BELANJA",
            name="2026",
            opens_on=TODAY,
            closes_on=date(2026, 12, 31),
            places=[Place(scene.point_id, [VILLAGE])],
            **scene.rest,
        )
        rows = session.scalars(select(Balance).where(Balance.round_id == opened.round.id)).all()
        assert {(row.family_id, row.granted, row.spent) for row in rows} == {
            (family, 2_000_000, 0) for family in scene.families
        }
        count = select(func.count()).where(Entitlement.round_id == opened.round.id)
        assert session.scalar(count) == 0


def test_a_quota_of_three_is_three_units_on_the_list(database, scene):
    with database.writing() as session:
        session.get_one(Programme, "PASAR").quota = 3
        market = open_market(session, scene).round
        rows = session.scalars(
            select(Entitlement.ordinal).where(
                Entitlement.round_id == market.id, Entitlement.family_id == scene.families[0]
            )
        )
        assert sorted(rows) == [1, 2, 3]
