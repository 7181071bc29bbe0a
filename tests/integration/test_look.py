"""Looking at a card: what the counter sees of it, and what may be given here now."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest
from card_house import CardHouse, make_ring
from giving_scene import VILLAGE, Scene, set_scene
from moment import NOW
from sqlalchemy import delete, func, select, update

from registry.audit import Actor
from registry.cards.cards import block_card, hand_over, issue_card, mark_printed, note_read_back
from registry.code.token import TrustList, to_text
from registry.db import Database, new_id
from registry.kinds import (
    BlockReason,
    CardState,
    Outcome,
    PersonState,
    PointKind,
    Proof,
    Relation,
    RoundState,
    Sex,
    Subject,
)
from registry.models import (
    Attempt,
    AuditLine,
    Card,
    Determination,
    Entitlement,
    FamilyFacts,
    Person,
    Programme,
    Roster,
    Round,
    ServicePoint,
)
from registry.programmes.rounds import Place
from verify.facts import read_scan
from verify.look import Verdict, look
from verify.redeem import Given, RedeemRequest, redeem_all
from verify.refusals import keep_refusals
from verify.rounds import open_round_for_villages

NOBODY = TrustList([])
SEEN = {"proofs": frozenset({Proof.ID_CARD})}


@pytest.fixture
def scene(database: Database) -> Scene:
    return set_scene(database, NOW, families=2)


def see(
    database: Database, scene: Scene, text: str | None = None, *, actor: Actor | None = None, at=NOW, round_id=None
) -> Verdict:
    """Look as a counter does: in a session that cannot write, and keep what is refused after it."""
    actor = actor or scene.actor
    with database.reading() as session:
        verdict = look(
            session,
            scene.numbers[0] if text is None else text,
            round_id=round_id,
            point_id=actor.point_id,
            trust=NOBODY,
            at=at,
        )
    if verdict.refusals:
        with database.writing() as session:
            keep_refusals(session, verdict.refusals, card_id=verdict.card_id, actor=actor, keys=scene.keys, at=at)
    return verdict


def give(database: Database, scene: Scene, family: int = 0) -> Given:
    with database.connecting(writes=True) as connection:
        return redeem_all(connection, [scene.request(family, key=str(new_id()))], audit_key=scene.keys.audit_key)[0]


def codes(verdict: Verdict) -> list[str]:
    return [reason.code.value for reason in verdict.decision.reasons]


def change(database: Database, statement) -> None:
    with database.writing() as session:
        session.execute(statement)


def elsewhere(scene: Scene) -> Actor:
    return Actor(scene.officer_id, scene.other_point_id)


def attempts(database: Database) -> list[Attempt]:
    with database.reading() as session:
        return list(session.scalars(select(Attempt)))


def test_a_card_that_may_be_served_shows_its_offer_and_leaves_no_trace(database, scene):
    verdict = see(database, scene)
    assert (verdict.decision.outcome, verdict.decision.reasons) == (Outcome.GRANTED, ())
    (offer,) = verdict.offers
    assert (offer.round_id, offer.entitlement_id) == (scene.round_id, scene.entitlements[0])
    assert (offer.programme_code, offer.programme) == ("PANGAN", "Bantuan Pangan KHBS")
    assert (offer.round_name, offer.value, offer.price) == ("Tahap I", 150_000, 0)
    assert offer.package.startswith("5 kg beras")
    assert offer.decision.is_granted
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditLine)) == 0
    assert attempts(database) == []


def test_the_counter_sees_the_head_and_where_the_family_lives_and_no_more(database, scene):
    card = see(database, scene).card
    assert card.number == scene.numbers[0]
    assert (card.head_name, card.birth_year, card.issue_number) == ("Kepala Contoh 0", 1980, 1)
    assert (card.village, card.district, card.regency) == ("Tumbang Contoh", "Kamipang", "Kabupaten Katingan")
    assert not card.is_head_changed


def test_a_successor_is_shown_in_place_of_a_dead_head(database, scene):
    with database.writing() as session:
        card = session.get_one(Card, scene.cards[0])
        session.get_one(Person, card.head_id).state = PersonState.DEAD
        session.flush()
        session.add(
            Person(
                family_id=card.family_id,
                position=1,
                nik_sealed=b"-",
                nik_index=b"n" * 16,
                name="Istri Contoh",
                relation=Relation.HEAD,
                sex=Sex.FEMALE,
                birth_date=date(1984, 5, 6),
                updated_at=NOW,
            )
        )
    verdict = see(database, scene)
    assert verdict.decision.outcome is Outcome.GRANTED
    assert (verdict.card.head_name, verdict.card.birth_year) == ("Istri Contoh", 1984)
    assert verdict.card.is_head_changed


def test_a_dead_head_without_a_successor_is_refused(database, scene):
    change(database, update(Person).values(state=PersonState.DEAD))
    verdict = see(database, scene)
    assert codes(verdict) == ["head_dead"]
    assert verdict.card.head_name == "Kepala Contoh 0"


def test_what_was_given_already_is_told_and_the_look_is_kept(database, scene):
    given = give(database, scene)
    verdict = see(database, scene)
    assert codes(verdict) == ["already_given"]
    assert verdict.decision.reasons[0].detail["receipt"] == given.receipt_number
    (attempt,) = attempts(database)
    assert (attempt.outcome, attempt.reasons) == (Outcome.REFUSED, ["already_given"])
    assert (attempt.card_id, attempt.round_id) == (scene.cards[0], scene.round_id)
    with database.reading() as session:
        actions = session.scalars(select(AuditLine.action).order_by(AuditLine.seq)).all()
        assert actions == ["redemption.given", "scan.refused"]


def test_a_blocked_card_does_not_tell_what_was_given(database, scene):
    give(database, scene)
    change(database, update(Card).values(state=CardState.BLOCKED, block_reason=BlockReason.LOST))
    verdict = see(database, scene)
    assert codes(verdict) == ["card_blocked"]
    assert [reason.code for offer in verdict.offers for reason in offer.decision.reasons] == ["card_blocked"]


def test_the_wrong_place_names_the_right_one(database, scene):
    verdict = see(database, scene, actor=elsewhere(scene))
    assert codes(verdict) == ["wrong_place"]
    assert verdict.decision.reasons[0].detail == {"round": "Tahap I", "point": "Balai Desa Tumbang Contoh"}


def test_a_place_without_a_round_says_so(database, scene):
    change(database, delete(Entitlement))
    assert codes(see(database, scene, actor=elsewhere(scene))) == ["no_round_here"]


def test_a_family_on_no_roster_is_told_what_stands_against_it(database, scene):
    change(database, delete(Entitlement))
    with database.writing() as session:
        session.add(
            FamilyFacts(
                family_id=scene.families[0],
                source="DTSEN",
                as_of=date(2026, 2, 1),
                recorded_at=NOW,
                desil=6,
                receives_pkh=True,
            )
        )
    assert codes(see(database, scene)) == ["not_entitled", "clause_failed", "clause_failed"]


@pytest.mark.parametrize(("shift", "what"), [(-5, "to come"), (20, "over")])
def test_a_round_of_another_day_names_its_days(database, scene, shift, what):
    verdict = see(database, scene, at=NOW + timedelta(days=shift))
    assert codes(verdict) == ["round_not_open"], what
    assert verdict.decision.reasons[0].detail["opens_on"] == "2026-03-01"
    assert verdict.decision.reasons[0].detail["closes_on"] == "2026-03-12"


def test_a_round_closed_by_hand_is_told_as_closed(database, scene):
    change(database, update(Round).values(state=RoundState.CLOSED))
    with database.writing() as session:
        session.add(
            Determination(
                round_id=scene.round_id,
                decree_number="SK-1",
                decree_date=NOW.date(),
                programme_version=1,
                clauses=[],
                entitled=2,
                list_hash=bytes(32),
                frozen_at=NOW,
            )
        )
    verdict = see(database, scene)
    assert codes(verdict) == ["round_not_open"]
    assert verdict.decision.reasons[0].detail["state"] == "closed"
    assert [offer.round_id for offer in verdict.offers] == [scene.round_id]


def test_a_round_closed_while_it_was_prepared_is_told_to_nobody(database, scene):
    change(database, update(Round).values(state=RoundState.CLOSED))
    assert codes(see(database, scene)) == ["no_round_here"]


def list_person(database: Database, scene: Scene, programme: str, kind: PointKind) -> None:
    """Put the head on the list of a round that gives at another kind of place."""
    with database.writing() as session:
        point = ServicePoint(id=new_id(), code="LAIN", name="Tempat lain", kind=kind, area_code=VILLAGE)
        session.add(point)
        session.flush()
        of = session.get_one(Round, scene.round_id)
        head = session.scalars(select(Person.id).where(Person.family_id == scene.families[0])).one()
        names = {"opens_on", "closes_on", "state", "value", "price", "legal_reference", "created_at"}
        round_ = Round(
            id=new_id(), programme_code=programme, name="Lain", **{name: getattr(of, name) for name in names}
        )
        session.add(round_)
        session.flush()
        roster = Roster(id=new_id(), round_id=round_.id, point_id=point.id)
        session.add(roster)
        session.flush()
        session.add(
            Entitlement(
                id=new_id(),
                round_id=round_.id,
                roster_id=roster.id,
                family_id=scene.families[0],
                person_id=head if session.get_one(Programme, programme).subject is Subject.PERSON else None,
            )
        )


def test_a_handing_out_point_does_not_see_who_of_the_family_goes_to_school(database, scene):
    list_person(database, scene, "SEKOLAH", PointKind.SCHOOL)
    assert [offer.programme_code for offer in see(database, scene).offers] == ["PANGAN"]
    elsewhere = Actor(scene.officer_id, scene.other_point_id)
    change(database, delete(Entitlement).where(Entitlement.round_id == scene.round_id))
    verdict = see(database, scene, actor=elsewhere)
    assert (codes(verdict), verdict.offers) == (["no_round_here"], ())


def test_what_is_served_elsewhere_is_named_only_where_nothing_else_concerns_the_family(database, scene):
    list_person(database, scene, "UMKM", PointKind.OFFICE)
    assert [offer.programme_code for offer in see(database, scene).offers] == ["PANGAN"]
    change(database, delete(Entitlement).where(Entitlement.round_id == scene.round_id))
    elsewhere = Actor(scene.officer_id, scene.other_point_id)
    verdict = see(database, scene, actor=elsewhere)
    assert [offer.programme_code for offer in verdict.offers] == ["UMKM"]
    assert "wrong_place" in codes(verdict)


def test_a_refusal_knows_whose_right_it_is_where_one_person_of_the_family_has_it(database, scene):
    list_person(database, scene, "UMKM", PointKind.OFFICE)
    change(database, delete(Entitlement).where(Entitlement.round_id == scene.round_id))
    see(database, scene, actor=elsewhere(scene))
    with database.reading() as session:
        head = session.scalars(select(Person.id).where(Person.family_id == scene.families[0])).one()
        assert session.scalars(select(Attempt.person_id)).one() == head


def test_a_refusal_of_a_familys_right_knows_no_person(database, scene):
    give(database, scene)
    see(database, scene)
    assert [one.person_id for one in attempts(database)] == [None]


def test_a_pupil_is_named_on_the_schools_own_page_only(database, scene):
    list_person(database, scene, "KULIAH", PointKind.OFFICE)
    change(database, delete(Entitlement).where(Entitlement.round_id == scene.round_id))
    change(database, update(ServicePoint).values(kind=PointKind.OFFICE))
    verdict = see(database, scene, actor=elsewhere(scene))
    assert [(offer.programme_code, len(offer.candidates)) for offer in verdict.offers] == [("KULIAH", 1)]
    assert [one.person_id for one in attempts(database)] == [None]


def test_of_two_rounds_the_one_that_can_be_given_comes_first(database, scene):
    with database.writing() as session:
        open_round_for_villages(
            session,
            "PASAR",
            name="Pasar Maret",
            opens_on=NOW.date(),
            closes_on=NOW.date(),
            places=[Place(scene.point_id, [VILLAGE])],
            **scene.rest,
        )
    assert [offer.programme_code for offer in see(database, scene).offers] == ["PASAR", "PANGAN"]
    give(database, scene)
    verdict = see(database, scene)
    assert verdict.decision.outcome is Outcome.GRANTED
    assert [(offer.programme_code, offer.decision.is_granted) for offer in verdict.offers] == [
        ("PASAR", True),
        ("PANGAN", False),
    ]
    only = see(database, scene, round_id=scene.round_id)
    assert codes(only) == ["already_given"]


def test_a_round_that_does_not_exist_is_no_round_here(database, scene):
    assert codes(see(database, scene, round_id=new_id())) == ["no_round_here"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "unreadable"),
        ("62-06-000000-1", "number_mistyped"),
        ("62-06-999999-4", "card_unknown"),
        ("00020101021126570011ID.DANA.WWW", "not_ours"),
        ("https://example.org/kartu", "not_ours"),
        ("0001234567890", "not_ours"),
    ],
)
def test_what_is_no_card_of_ours_is_unknown_and_kept(database, scene, text, code):
    verdict = see(database, scene, text)
    assert (verdict.decision.outcome, codes(verdict), verdict.card) == (Outcome.UNKNOWN, [code], None)
    (attempt,) = attempts(database)
    assert (attempt.outcome, attempt.reasons, attempt.card_id) == (Outcome.UNKNOWN, [code], None)


def test_a_card_goes_the_whole_way_from_issue_to_a_second_scan(database):
    house = CardHouse(database, NOW)
    trust = TrustList(house.keys.trusted)

    def seen(session, **other) -> Verdict:
        return look(session, text, **({"point_id": house.actor.point_id, "trust": trust, "at": NOW} | other))

    with database.writing() as session:
        family = house.add_family(session)
        card = issue_card(session, family, **house.rest)
        point = session.get_one(ServicePoint, house.actor.point_id)
        point.kind = PointKind.HANDOUT
        opened = open_round_for_villages(
            session,
            "PANGAN",
            name="Tahap I",
            opens_on=NOW.date(),
            closes_on=NOW.date(),
            places=[Place(point.id, [family.village_code])],
            **house.rest,
        )
        assert opened.entitled == 1
        text = to_text(card.token)
        assert codes(seen(session)) == ["card_not_handed_over"]
        mark_printed(session, card, **house.rest)
        note_read_back(session, card, **house.rest)
        hand_over(session, card, card.head, id_seen=True, **house.rest)
        verdict = seen(session)
        assert verdict.decision.outcome is Outcome.GRANTED
        assert verdict.card.family_reference == family.reference
    request = RedeemRequest(read_scan(text, trust, at=NOW), verdict.offers[0].round_id, "k", house.actor, NOW, **SEEN)
    with database.writing() as session:
        (given,) = redeem_all(session.connection(), [request], audit_key=house.keys.audit_key)
        assert isinstance(given, Given)
        assert codes(seen(session)) == ["already_given"]
        block_card(session, session.get_one(Card, card.id), BlockReason.LOST, **house.rest)
        assert codes(seen(session)) == ["card_blocked"]
        forged = make_ring(NOW, seed=8)
        assert codes(seen(session, trust=TrustList(forged.trusted))) == ["unknown_key"]
        assert codes(seen(session, at=NOW.replace(year=2040, tzinfo=UTC))) == ["expired"]
