"""Programmes, their dated amounts, and rounds with a roster per place and an entitlement per entitled family."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from giving_scene import OTHER_VILLAGE, VILLAGE, Scene, set_scene
from moment import NOW
from sqlalchemy import func, select, update

import registry
from registry.audit import verify_chains
from registry.db import Database, new_id
from registry.errors import Conflict, NotFound, RegistryError
from registry.giving.tallies import RoundTally, tally_rounds
from registry.kinds import FamilyState, RoundState
from registry.models import (
    AuditLine,
    CardRule,
    Entitlement,
    Family,
    FamilyFacts,
    Programme,
    ProgrammeAmount,
    Roster,
    Round,
)
from registry.programmes.catalogue import amount_on, card_rule_on, load_programmes
from registry.programmes.rounds import Place, close_round, rounds_at
from verify.decide import ReasonCode
from verify.rounds import open_round_for_villages

TODAY = date(2026, 3, 2)
LISTED = (Path(registry.__file__).parent / "data" / "programmes.toml").read_text(encoding="utf-8")
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


def test_the_programmes_are_loaded_once(database):
    for _ in range(2):
        with database.writing() as session:
            load_programmes(session, at=NOW)
    with database.reading() as session:
        assert session.scalars(select(Programme.code).order_by(Programme.code)).all() == ["PANGAN", "PASAR"]
        assert session.scalar(select(func.count()).select_from(ProgrammeAmount)) == 2
        pangan, pasar = (amount_on(session, code, TODAY) for code in ("PANGAN", "PASAR"))
        assert (pangan.value, pangan.price) == (150_000, 0)
        assert (pasar.value, pasar.price) == (150_000, 15_000)
        rule = card_rule_on(session, TODAY)
        assert (rule.max_desil, rule.validity_years) == (2, 5)
        assert rule.excludes_pkh
        assert rule.excludes_sembako
        assert rule.excludes_blt_dd


def test_what_is_dated_is_never_changed_by_a_list(database):
    with database.writing() as session:
        load_programmes(session, at=NOW)
    with database.writing() as session:
        session.execute(update(ProgrammeAmount).values(value=140_000))
    with database.writing() as session, pytest.raises(Conflict, match="dated_entry_differs") as caught:
        load_programmes(session, at=NOW)
    assert caught.value.detail == {"where": "PANGAN 2026-01-01"}


def test_names_follow_the_list(database):
    with database.writing() as session:
        load_programmes(session, at=NOW)
        session.execute(update(Programme).values(name="Lama"))
    with database.writing() as session:
        load_programmes(session, at=NOW)
    with database.reading() as session:
        assert session.get_one(Programme, "PASAR").name == "Pasar Murah"


def test_before_the_first_date_there_is_no_amount_and_no_rule(database):
    with database.writing() as session:
        load_programmes(session, at=NOW)
        with pytest.raises(NotFound, match="amount_missing"):
            amount_on(session, "PASAR", date(2025, 12, 31))
        with pytest.raises(NotFound, match="programme_unknown"):
            amount_on(session, "TUNAI", TODAY)
        with pytest.raises(NotFound, match="card_rule_missing"):
            card_rule_on(session, date(2025, 12, 31))


def test_a_round_lists_the_families_that_pass_the_rule(database, scene):
    with database.writing() as session:
        say(session, scene.families[0], desil=3)
        say(session, scene.families[1], receives_pkh=True)
        say(session, scene.families[2], desil=5, receives_sembako=True)
        say(session, scene.families[3], receives_pkh=False)
        say(session, scene.families[4], as_of=date(2025, 1, 1), desil=9)
        session.get_one(Family, scene.families[5]).state = FamilyState.MOVED
        session.flush()
        opened = open_market(session, scene)
    assert (opened.entitled, opened.not_entitled) == (2, 4)
    assert opened.reasons == {
        ReasonCode.DESIL_ABOVE_LIMIT: 2,
        ReasonCode.OTHER_AID: 2,
        ReasonCode.FAMILY_MOVED: 1,
    }
    with database.reading() as session:
        listed = select(Entitlement.family_id, Roster.point_id).join(Roster, Roster.id == Entitlement.roster_id)
        rows = session.execute(listed.where(Entitlement.round_id == opened.round.id))
        assert {tuple(row) for row in rows} == {(scene.families[at], scene.point_id) for at in (3, 4)}


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
        assert open_market(session, scene).reasons == {ReasonCode.DESIL_UNKNOWN: 1}


def test_a_round_has_one_roster_per_place_and_the_amounts_of_its_first_day(database, scene):
    with database.writing() as session:
        load_programmes(session, LISTED + NEXT_AMOUNT, at=NOW)
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


def test_opening_leaves_an_audit_line(database, scene):
    with database.writing() as session:
        opened = open_market(session, scene)
    with database.reading() as session:
        line = session.scalars(select(AuditLine)).one()
        assert (line.action, line.subject) == ("round.opened", f"round:{opened.round.id}")
        assert '"families":6' in line.detail
        assert verify_chains(session, key=scene.keys.audit_key) == []


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
        say(session, scene.families[0], desil=4)
        rule = card_rule_on(session, TODAY)
        rule.valid_from, rule.max_desil = TODAY, 4
        session.add(rule)
        session.flush()
        assert session.scalar(select(func.count()).select_from(CardRule)) == 2
        assert open_market(session, scene).entitled == 6
