"""A frozen list keeps its words: the name, the package, the rule and the quota that it was determined with."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from giving_scene import OTHER_VILLAGE, VILLAGE, Scene, set_scene
from moment import NOW
from sqlalchemy import func, select

from kiosk.name_lists import name_list
from kiosk.words.statuses import say_status
from registry.audit import Actor
from registry.db import Database
from registry.giving.receipts import get_receipt
from registry.giving.tallies import tally_rounds
from registry.models import Entitlement, Family, FamilyFacts, Programme, Round, ServicePoint
from registry.officers.points import CENTRE
from registry.programmes.addenda import add_to_list
from registry.programmes.listing import Right
from registry.programmes.rounds import Place
from registry.programmes.terms import terms_of
from registry.programmes.versions import definition_of
from verify.catalogue import approve_change, propose_change
from verify.facts import Asked, Scan, gather
from verify.look import look
from verify.redeem import redeem_all
from verify.rounds import open_round_for_villages
from verify.statuses import statuses_of

TODAY = date(2026, 3, 2)
LATER = NOW + timedelta(hours=1)
PROVED = frozenset({"ktp", "face"})
RICHER = {"code": "desil", "expression": "desil <= 3", "words": "batas baru desil 3"}


@pytest.fixture
def scene(database: Database) -> Scene:
    """Four families; the last one is of desil 7, so no market lists it."""
    scene = set_scene(database, NOW, families=4)
    with database.writing() as session:
        session.add(ServicePoint(code=CENTRE, name="Pusat", kind="kantor", area_code="62"))
        say(session, scene.families[3], TODAY, desil=7)
    return scene


def say(session, family_id, as_of, **facts) -> None:
    session.add(FamilyFacts(family_id=family_id, source="DTSEN", as_of=as_of, recorded_at=NOW, **facts))
    session.flush()


def open_market(session, scene, name="Maret", at=NOW) -> Round:
    return open_round_for_villages(
        session,
        "PASAR",
        name=name,
        opens_on=TODAY,
        closes_on=TODAY + timedelta(days=3),
        places=[Place(scene.point_id, [VILLAGE]), Place(scene.other_point_id, [OTHER_VILLAGE])],
        **(scene.rest | {"at": at}),
    ).round


def change_programme(session, scene, at: datetime = LATER) -> None:
    """Let two officers of the centre give the programme another name, package, rule and quota."""
    market = session.get_one(Programme, "PASAR")
    centre = session.scalar(select(ServicePoint.id).where(ServicePoint.code == CENTRE))
    content = definition_of(session, market) | {
        "name": "Pasar Betang",
        "package": "10 kg beras",
        "quota": 3,
        "clause": [RICHER],
    }
    rest = {"keys": scene.keys, "at": at}
    made = propose_change(session, market, content, reason="SE 1", actor=Actor(scene.officer_id, centre), **rest)
    approve_change(session, made, actor=Actor(scene.supervisor_id, centre), **rest)


@pytest.fixture
def frozen(database, scene) -> Round:
    """A market whose list was frozen, and whose programme is another one since."""
    with database.writing() as session:
        market = open_market(session, scene)
        change_programme(session, scene)
        assert market.programme.name == "Pasar Betang"
    return market


def test_the_list_on_paper_bears_the_name_that_it_was_frozen_under(database, scene, frozen):
    with database.reading() as session:
        paper = name_list(session, session.get_one(Round, frozen.id), VILLAGE, at=LATER)
        [tally] = [one for one in tally_rounds(session, area="62") if one.round.id == frozen.id]
    assert (paper.programme, tally.programme) == ("Pasar Murah", "Pasar Murah")


def test_a_refusal_names_the_clause_that_kept_the_family_off_the_list(database, scene, frozen):
    with database.reading() as session:
        asked = Asked(Scan(token_hash=scene.tokens[3]), frozen.id, scene.point_id, LATER)
        [known] = gather(session.connection(), [asked])
    rule = known.facts.round.unlisted.rule
    assert [failed.clause.words for failed in rule.failed] == ["batas desil 4"]


def test_who_fulfils_the_new_rule_only_is_not_told_that_it_was_the_rule_of_the_list(database, scene, frozen):
    with database.writing() as session:
        say(session, scene.families[3], TODAY + timedelta(days=1), desil=4)
    with database.reading() as session:
        asked = Asked(Scan(token_hash=scene.tokens[3]), frozen.id, scene.point_id, LATER)
        [known] = gather(session.connection(), [asked])
        statuses = statuses_of(session, session.get_one(Family, scene.families[3]), at=LATER)
    assert known.facts.round.unlisted.rule.failed == ()
    [market] = [one for one in statuses if one.programme.code == "PASAR"]
    assert [reason.code for reason in market.subjects[0].reasons] == ["not_entitled"]


def test_the_status_of_a_family_says_what_was_promised_and_by_which_rule_it_was_left_out(database, scene, frozen):
    with database.reading() as session:
        said = {
            place: next(
                say_status(one)
                for one in statuses_of(session, session.get_one(Family, scene.families[place]), at=LATER)
                if one.programme.code == "PASAR"
            )
            for place in (0, 3)
        }
    assert said[0].subjects[0].lines[0] == "Maret: 5 kg beras, 1 kg gula, 2 L minyak goreng. Harga resmi Rp15.000."
    assert "batas desil 4" in said[3].subjects[0].reasons[0].explanation


def test_what_is_offered_given_and_receipted_is_the_package_that_was_promised(database, scene, frozen):
    with database.reading() as session:
        seen = look(
            session, scene.numbers[0], round_id=frozen.id, point_id=scene.point_id, trust=scene.keys.trusted, at=LATER
        )
    [offer] = seen.offers
    assert (offer.programme, offer.package) == ("Pasar Murah", "5 kg beras, 1 kg gula, 2 L minyak goreng")
    request = scene.request(key="a", round_id=frozen.id, at=LATER, proofs=PROVED, is_paid=True)
    with database.writing() as session:
        [given] = redeem_all(session.connection(), [request], audit_key=scene.keys.audit_key)
    with database.reading() as session:
        receipt = get_receipt(session, given.receipt_number, area="62")
    assert (receipt.programme, receipt.package) == (offer.programme, offer.package)


def test_who_joins_by_an_addendum_has_as_many_units_as_those_of_the_frozen_list(database, scene, frozen):
    with database.writing() as session:
        round_ = session.get_one(Round, frozen.id)
        right = Right(scene.families[3], None, round_.rosters[0].id, document="SK-2")
        add_to_list(session, round_, right, number="ADD-1", reason="keberatan diterima", **scene.rest)
        units = select(func.count()).where(Entitlement.round_id == frozen.id)
        assert session.scalar(units.where(Entitlement.family_id == scene.families[3])) == 1


def test_a_new_round_has_the_new_words(database, scene, frozen):
    tomorrow = LATER + timedelta(days=10)
    with database.writing() as session:
        market = open_round_for_villages(
            session,
            "PASAR",
            name="April",
            opens_on=tomorrow.date(),
            closes_on=tomorrow.date(),
            places=[Place(scene.point_id, [VILLAGE])],
            **(scene.rest | {"at": tomorrow}),
        ).round
        terms = terms_of(session, [frozen.id, market.id])
    assert [terms[one.id].programme for one in (frozen, market)] == ["Pasar Murah", "Pasar Betang"]
    assert [terms[one.id].quota for one in (frozen, market)] == [1, 3]
    assert [terms[one.id].clauses[0]["words"] for one in (frozen, market)] == ["batas desil 4", "batas baru desil 3"]


def test_a_list_that_is_not_frozen_follows_the_definition_in_force(database, scene):
    with database.writing() as session:
        change_programme(session, scene)
        session.get_one(Programme, "PANGAN").name = "Pangan baru"
        session.flush()
        assert terms_of(session, [scene.round_id])[scene.round_id].programme == "Pangan baru"


def test_the_day_of_a_list_is_the_day_on_which_it_was_frozen(database, scene):
    with database.writing() as session:
        market = open_market(session, scene)
        market.created_at = NOW - timedelta(days=20)
    with database.reading() as session:
        asked = Asked(Scan(token_hash=scene.tokens[3]), market.id, scene.point_id, LATER)
        [known] = gather(session.connection(), [asked])
    assert known.facts.round.listed_on == TODAY
