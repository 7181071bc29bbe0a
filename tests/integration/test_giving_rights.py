"""Whose right, how much of it, on which list, and what the officer must have done: giving beyond one package each."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from giving_scene import OTHER_VILLAGE, Scene, set_scene
from moment import NOW
from sqlalchemy import delete, func, select, update

from registry.db import Database, new_id
from registry.errors import RegistryError
from registry.giving.proxies import ProxyShown, list_proxies, read_proxy
from registry.giving.receipts import get_receipt, undo_redemption
from registry.kinds import FamilyState, PersonState, PointKind, Proof, Relation, RoundState, Sex, Subject
from registry.models import (
    Addendum,
    Attempt,
    Determination,
    Entitlement,
    EntitlementRemoval,
    Family,
    Person,
    Programme,
    Proxy,
    QueueTicket,
    Redemption,
    Round,
    ServicePoint,
    ServingSession,
    Stock,
)
from verify.redeem import Given, Refused, redeem_all


@pytest.fixture
def scene(database: Database) -> Scene:
    return set_scene(database, NOW, families=5)


def redeem(database: Database, scene: Scene, *requests):
    with database.connecting(writes=True) as connection:
        answers = redeem_all(connection, requests, audit_key=scene.keys.audit_key)
    return answers[0] if len(answers) == 1 else answers


def change(database: Database, *statements) -> None:
    with database.writing() as session:
        for statement in statements:
            session.execute(statement)


def add(database: Database, *rows) -> None:
    with database.writing() as session:
        for row in rows:
            session.add(row)
            session.flush()


def codes(answer) -> list[str]:
    assert isinstance(answer, Refused)
    return [reason.code.value for reason in answer.decision.reasons]


def detail(answer) -> dict[str, str]:
    return dict(answer.decision.reasons[0].detail)


def take_back(database: Database, scene: Scene, given: Given) -> None:
    with database.writing() as session:
        undo_redemption(session, given.redemption_id, reason="salah keluarga", **scene.supervising)


def add_unit(database: Database, scene: Scene, ordinal: int, family: int = 0) -> UUID:
    row = Entitlement(
        id=new_id(),
        round_id=scene.round_id,
        roster_id=scene.roster_id,
        family_id=scene.families[family],
        ordinal=ordinal,
    )
    add(database, row)
    return row.id


def make_person(scene: Scene, *, family: int = 0, born: date = date(2008, 3, 4), **other: Any) -> Person:
    number = new_id()
    usual = {
        "id": number,
        "family_id": scene.families[family],
        "position": int(number.hex[-4:], 16) % 1000 + 1,
        "nik_sealed": b"-",
        "nik_index": number.bytes,
        "name": "Anak Contoh",
        "relation": Relation.CHILD,
        "sex": Sex.FEMALE,
        "birth_date": born,
        "updated_at": NOW,
    }
    return Person(**(usual | other))


def make_personal(database: Database, scene: Scene, people: list[Person]) -> None:
    """Make the round one of a programme whose rights are people's, and these its list."""
    with database.writing() as session:
        session.execute(delete(Entitlement))
        session.execute(update(Programme).where(Programme.code == "PANGAN").values(subject=Subject.PERSON, clauses=[]))
        session.add_all(people)
        session.flush()
        for person in people:
            session.add(
                Entitlement(
                    id=new_id(),
                    round_id=scene.round_id,
                    roster_id=scene.roster_id,
                    family_id=person.family_id,
                    person_id=person.id,
                )
            )


def test_a_quota_is_given_unit_by_unit_and_then_it_is_used(database, scene):
    second = add_unit(database, scene, 2)
    given = redeem(database, scene, *(scene.request(key=f"k{number}") for number in range(3)))
    assert [isinstance(one, Given) for one in given] == [True, True, False]
    assert codes(given[2]) == ["quota_used"]
    assert detail(given[2])["quota"] == "2"
    assert detail(given[2])["receipt"] == given[1].receipt_number
    with database.reading() as session:
        taken = session.scalars(select(Redemption.entitlement_id).order_by(Redemption.seq)).all()
        assert taken == [scene.entitlements[0], second]


def test_an_undone_unit_of_a_quota_is_the_next_to_be_given(database, scene):
    add_unit(database, scene, 2)
    first, _ = redeem(database, scene, scene.request(key="a"), scene.request(key="b"))
    take_back(database, scene, first)
    assert isinstance(redeem(database, scene, scene.request(key="c")), Given)
    assert codes(redeem(database, scene, scene.request(key="d"))) == ["quota_used"]
    with database.reading() as session:
        units = session.scalars(select(Redemption.entitlement_id).order_by(Redemption.seq)).all()
        assert units[2] == units[0]


def test_who_was_taken_off_the_list_is_told_the_addendum(database, scene):
    addendum = Addendum(id=new_id(), round_id=scene.round_id, number="AD-7", reason="pindah", made_at=NOW)
    decree = Determination(
        round_id=scene.round_id,
        decree_number="SK-1",
        decree_date=NOW.date(),
        programme_version=1,
        clauses=[],
        entitled=5,
        list_hash=bytes(32),
        frozen_at=NOW,
    )
    removal = EntitlementRemoval(entitlement_id=scene.entitlements[0], addendum_id=addendum.id)
    add(database, decree, addendum, removal)
    refused = redeem(database, scene, scene.request(key="k"))
    assert codes(refused) == ["removed_from_list"]
    assert detail(refused) == {"round": "Tahap I", "addendum": "AD-7"}
    assert isinstance(redeem(database, scene, scene.request(1, key="l")), Given)


def test_a_programme_that_is_withdrawn_in_the_middle_of_a_day_gives_nothing_more(database, scene):
    assert isinstance(redeem(database, scene, scene.request(key="a")), Given)
    change(database, update(Programme).where(Programme.code == "PANGAN").values(is_withdrawn=True))
    refused = redeem(database, scene, scene.request(1, key="b"))
    assert codes(refused) == ["programme_withdrawn"]
    assert detail(refused) == {"programme": "Bantuan Pangan KHBS", "office": "Dinas Sosial"}


def test_a_round_that_is_still_prepared_gives_nothing(database, scene):
    change(database, update(Round).values(state=RoundState.PREPARING))
    assert codes(redeem(database, scene, scene.request(key="k"))) == ["round_not_open"]


def test_a_kind_of_place_that_does_not_serve_the_programme_is_told_which_do(database, scene):
    change(database, update(ServicePoint).where(ServicePoint.id == scene.point_id).values(kind=PointKind.PUSKESMAS))
    refused = redeem(database, scene, scene.request(key="k"))
    assert codes(refused) == ["not_served_here"]
    assert detail(refused) == {"programme": "Bantuan Pangan KHBS", "places": "titik_bagi loket"}


@pytest.mark.parametrize(("shift", "answer"), [(-1, "given"), (0, "given"), (1, "wrong_day")])
def test_nobody_is_served_before_the_day_of_the_invitation_and_everybody_from_it_on(database, scene, shift, answer):
    session_ = ServingSession(
        id=new_id(),
        roster_id=scene.roster_id,
        on_date=NOW.date() + timedelta(days=shift),
        starts_at=time(23),
        ends_at=time(23, 30),
        capacity=10,
    )
    add(database, session_, QueueTicket(entitlement_id=scene.entitlements[0], session_id=session_.id, number=4))
    given = redeem(database, scene, scene.request(key="k"))
    if answer == "given":
        assert isinstance(given, Given)
        return
    assert codes(given) == ["wrong_day"]
    assert detail(given) == {
        "date": (NOW.date() + timedelta(days=shift)).isoformat(),
        "starts": "23:00",
        "ends": "23:30",
        "number": "4",
        "point": "Balai Desa Tumbang Contoh",
    }


def test_a_step_that_the_programme_asks_for_cannot_be_skipped(database, scene):
    change(database, update(Programme).where(Programme.code == "PANGAN").values(proofs=["ktp", "face"]))
    refused = redeem(database, scene, scene.request(key="a", proofs=frozenset({Proof.FACE})))
    assert codes(refused) == ["proof_missing"]
    assert detail(refused) == {"proofs": "ktp"}
    both = frozenset({Proof.FACE, Proof.ID_CARD})
    given = redeem(database, scene, scene.request(key="a", proofs=both))
    with database.reading() as session:
        assert session.scalar(select(Redemption.proofs)) == "ktp face"
        assert get_receipt(session, given.receipt_number, area="62").proofs == (Proof.ID_CARD, Proof.FACE)


def test_what_costs_money_is_not_given_before_it_is_paid(database, scene):
    change(database, update(Round).values(price=15_000))
    refused = redeem(database, scene, scene.request(key="a"))
    assert codes(refused) == ["not_paid"]
    assert detail(refused) == {"price": "15000"}
    assert isinstance(redeem(database, scene, scene.request(key="a", is_paid=True)), Given)


def test_every_refusal_at_the_counter_is_an_attempt_with_its_id(database, scene):
    refused = redeem(database, scene, scene.request(key="a", proofs=frozenset()))
    with database.reading() as session:
        attempt = session.scalars(select(Attempt)).one()
        assert (attempt.id, attempt.reasons) == (refused.attempt_id, ["proof_missing"])
        assert attempt.details == [{"proofs": "ktp"}]


def test_a_counted_stock_gives_no_more_than_was_delivered(database, scene):
    add(database, Stock(roster_id=scene.roster_id, delivered=4, damaged=1, returned=1))
    answers = redeem(database, scene, *(scene.request(number, key=f"k{number}") for number in range(4)))
    assert [isinstance(one, Given) for one in answers] == [True, True, False, False]
    assert codes(answers[2]) == ["no_stock"]
    with database.reading() as session:
        assert session.get_one(Stock, scene.roster_id).given == 2
    take_back(database, scene, answers[0])
    with database.reading() as session:
        assert session.get_one(Stock, scene.roster_id).given == 1
    assert isinstance(redeem(database, scene, scene.request(3, key="again")), Given)


def test_undoing_a_giving_from_before_the_counting_began_takes_nothing_off(database, scene):
    given = redeem(database, scene, scene.request(key="a"))
    add(database, Stock(roster_id=scene.roster_id, delivered=3))
    take_back(database, scene, given)
    with database.reading() as session:
        assert session.get_one(Stock, scene.roster_id).given == 0


def test_the_head_takes_it_unless_another_is_named(database, scene):
    wife = make_person(scene, born=date(1985, 1, 1), relation=Relation.WIFE)
    add(database, wife)
    first = redeem(database, scene, scene.request(1, key="a"))
    second = redeem(database, scene, scene.request(0, key="b", receiver_id=wife.id))
    with database.reading() as session:
        assert get_receipt(session, first.receipt_number, area="62").is_receiver_head
        receipt = get_receipt(session, second.receipt_number, area="62")
        assert (receipt.receiver, receipt.is_receiver_head) == ("Anak Contoh", False)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ({"born": date(2012, 1, 1)}, "receiver_under_age"),
        ({"born": date(1990, 1, 1), "state": PersonState.DEAD}, "person_not_of_family"),
        ({"born": date(1990, 1, 1), "family": 1}, "person_not_of_family"),
    ],
)
def test_only_a_living_grown_up_of_the_family_may_take_it(database, scene, who, code):
    person = make_person(scene, **who)
    add(database, person)
    assert codes(redeem(database, scene, scene.request(key="k", receiver_id=person.id))) == [code]
    assert codes(redeem(database, scene, scene.request(key="k", receiver_id=new_id()))) == ["person_not_of_family"]


def test_a_married_person_may_take_it_at_any_age(database, scene):
    wife = make_person(scene, born=date(2010, 1, 1), relation=Relation.WIFE)
    add(database, wife)
    assert isinstance(redeem(database, scene, scene.request(key="k", receiver_id=wife.id)), Given)


def proxy_of(scene: Scene, nik: str = "6206050101800077", letter: str = "SK-1", name: str = "Budi") -> ProxyShown:
    return read_proxy(name, nik, letter, vault=scene.keys.vault)


def test_a_proxy_without_letter_name_or_nik_takes_nothing(database, scene):
    for shown in (proxy_of(scene, nik=" "), proxy_of(scene, letter=" "), proxy_of(scene, name="")):
        assert codes(redeem(database, scene, scene.request(key="k", proxy=shown))) == ["proxy_letter_missing"]


def test_a_proxy_collects_for_no_more_families_than_the_programme_allows(database, scene):
    given = [
        redeem(database, scene, scene.request(number, key=f"k{number}", proxy=proxy_of(scene))) for number in range(3)
    ]
    assert all(isinstance(one, Given) for one in given)
    refused = redeem(database, scene, scene.request(3, key="k3", proxy=proxy_of(scene, letter="SK-9", name="BUDI")))
    assert codes(refused) == ["proxy_limit"]
    assert detail(refused) == {"count": "3", "limit": "3"}
    other = proxy_of(scene, nik="6206050101800088", name="Tono")
    assert isinstance(redeem(database, scene, scene.request(3, key="k3", proxy=other)), Given)
    with database.reading() as session:
        rows = session.scalars(select(Proxy).order_by(Proxy.nik_last)).all()
        assert [(row.name, row.nik_last) for row in rows] == [("Budi", "0077"), ("Tono", "0088")]
        round_ = session.get_one(Round, scene.round_id)
        told = list_proxies(session, round_, area="62")
        assert [(line.name, line.nik_last, line.families) for line in told] == [
            ("Budi", "0077", 3),
            ("Tono", "0088", 1),
        ]
        assert list_proxies(session, round_, area=OTHER_VILLAGE) == []


def test_a_member_of_the_family_is_no_proxy(database, scene):
    proxy = proxy_of(scene)
    wife = make_person(scene, born=date(1985, 1, 1), relation=Relation.WIFE, nik_index=proxy.nik_index)
    add(database, wife)
    assert codes(redeem(database, scene, scene.request(0, key="k", proxy=proxy))) == ["proxy_of_family"]
    assert isinstance(redeem(database, scene, scene.request(1, key="l", proxy=proxy)), Given), "for a neighbour she may"


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ({"born": date(2012, 1, 1)}, "receiver_under_age"),
        ({"born": date(1950, 1, 1), "state": PersonState.DEAD}, "proxy_dead"),
    ],
)
def test_a_proxy_whom_the_register_knows_as_dead_or_as_a_child_takes_nothing(database, scene, who, code):
    proxy = proxy_of(scene)
    add(database, make_person(scene, family=1, nik_index=proxy.nik_index, **who))
    assert codes(redeem(database, scene, scene.request(0, key="k", proxy=proxy))) == [code]


@pytest.mark.parametrize("shown", [{"name": "6206050101800077"}, {"letter": "NIK 6206 0501 0180 0077"}])
def test_the_nik_of_a_proxy_is_not_kept_as_name_or_letter(scene, shown):
    with pytest.raises(RegistryError, match="text_holds_number"):
        proxy_of(scene, **shown)


def test_what_a_proxy_collected_and_was_undone_does_not_count(database, scene):
    given = [
        redeem(database, scene, scene.request(number, key=f"k{number}", proxy=proxy_of(scene))) for number in range(3)
    ]
    take_back(database, scene, given[0])
    assert isinstance(redeem(database, scene, scene.request(3, key="k3", proxy=proxy_of(scene))), Given)
    assert codes(redeem(database, scene, scene.request(4, key="k4", proxy=proxy_of(scene)))) == ["proxy_limit"]


def test_a_second_unit_of_one_family_is_no_second_family(database, scene):
    change(database, update(Programme).values(proxy_limit=1))
    add_unit(database, scene, 2)
    shown = proxy_of(scene)
    answers = redeem(database, scene, *(scene.request(key=f"k{number}", proxy=shown) for number in range(2)))
    assert all(isinstance(one, Given) for one in answers)


def test_in_one_group_the_limit_of_a_proxy_holds(database, scene):
    answers = redeem(
        database, scene, *(scene.request(number, key=f"k{number}", proxy=proxy_of(scene)) for number in range(5))
    )
    assert sum(isinstance(one, Given) for one in answers) == 3


def give_from_eight_connections(database: Database, scene: Scene, requests: list) -> Counter[str]:
    gate = Barrier(8)

    def one(request) -> str:
        gate.wait()
        answer = redeem(database, scene, request)
        return "given" if isinstance(answer, Given) else codes(answer)[0]

    with ThreadPoolExecutor(8) as pool:
        return Counter(pool.map(one, requests))


def test_eight_counters_do_not_pass_the_limit_of_a_proxy(database):
    scene = set_scene(database, NOW, families=8)
    requests = [scene.request(number, key=f"k{number}", proxy=proxy_of(scene)) for number in range(8)]
    assert give_from_eight_connections(database, scene, requests) == {"given": 3, "proxy_limit": 5}


def test_eight_counters_do_not_give_more_than_the_stock_has(database):
    scene = set_scene(database, NOW, families=8)
    add(database, Stock(roster_id=scene.roster_id, delivered=5))
    requests = [scene.request(number, key=f"k{number}") for number in range(8)]
    assert give_from_eight_connections(database, scene, requests) == {"given": 5, "no_stock": 3}
    with database.reading() as session:
        assert session.get_one(Stock, scene.roster_id).given == 5


def test_a_persons_right_asks_for_whom(database, scene):
    child = make_person(scene)
    make_personal(database, scene, [child])
    assert codes(redeem(database, scene, scene.request(key="a"))) == ["person_not_chosen"]
    given = redeem(database, scene, scene.request(key="b", person_id=child.id))
    assert codes(redeem(database, scene, scene.request(key="c", person_id=child.id))) == ["already_given"]
    with database.reading() as session:
        receipt = get_receipt(session, given.receipt_number, area="62")
        assert (receipt.person, receipt.receiver) == ("Anak Contoh", "Anak Contoh")


def test_a_person_of_another_family_opens_nothing_and_is_told_nothing(database, scene):
    child = make_person(scene, family=1)
    make_personal(database, scene, [child])
    assert codes(redeem(database, scene, scene.request(0, key="a", person_id=child.id))) == ["person_not_of_family"]


def test_a_refusal_knows_whose_right_was_asked_for(database, scene):
    child = make_person(scene)
    make_personal(database, scene, [child])
    redeem(database, scene, scene.request(key="a", person_id=child.id, proofs=frozenset()))
    with database.reading() as session:
        assert session.scalars(select(Attempt.person_id)).one() == child.id


@pytest.mark.parametrize("of_nobody", [False, True], ids=["of another family", "of nobody"])
def test_a_refusal_knows_nobody_who_is_not_of_the_cards_family(database, scene, of_nobody):
    """The slip names whom the row knows; and an id of nobody's must not fail the group that it came with."""
    stranger, child = make_person(scene, family=1), make_person(scene)
    make_personal(database, scene, [stranger, child])
    asked = scene.request(key="a", person_id=new_id() if of_nobody else stranger.id)
    refused, given = redeem(database, scene, asked, scene.request(key="b", person_id=child.id))
    assert (codes(refused), type(given)) == (["person_not_of_family"], Given)
    with database.reading() as session:
        assert session.scalars(select(Attempt.person_id)).one() is None


def test_a_persons_right_goes_with_them_into_another_family(database, scene):
    child = make_person(scene)
    make_personal(database, scene, [child])
    change(database, update(Person).where(Person.id == child.id).values(family_id=scene.families[1]))
    assert codes(redeem(database, scene, scene.request(0, key="a", person_id=child.id))) == ["person_not_of_family"]
    assert isinstance(redeem(database, scene, scene.request(1, key="b", person_id=child.id)), Given)


def test_a_person_who_is_not_on_the_list_is_told_the_rule(database, scene):
    listed, other = make_person(scene), make_person(scene, born=date(2015, 1, 1))
    make_personal(database, scene, [listed])
    add(database, other)
    clauses = [{"code": "usia", "expression": "usia >= 14", "words": "usia paling sedikit 14 tahun"}]
    change(
        database,
        update(Programme).where(Programme.code == "PANGAN").values(clauses=clauses, one_per_family=True),
        update(Entitlement).values(only_of_family=True),
    )
    refused = redeem(database, scene, scene.request(key="a", person_id=other.id))
    assert codes(refused) == ["not_entitled", "one_per_family", "clause_failed"]


@pytest.mark.parametrize(
    ("since", "told"),
    [(timedelta(minutes=1), ["not_entitled", "covered_before_split"]), (timedelta(minutes=-1), ["not_entitled"])],
    ids=["split after the list", "split before it"],
)
def test_a_family_that_came_out_of_one_on_the_list_after_it_was_made_is_told_so(database, scene, since, told):
    change(
        database,
        delete(Entitlement).where(Entitlement.family_id == scene.families[1]),
        update(Family)
        .where(Family.id == scene.families[1])
        .values(split_from_id=scene.families[0], created_at=NOW + since),
    )
    assert codes(redeem(database, scene, scene.request(1, key="a"))) == told


def test_the_same_key_for_another_person_is_refused(database, scene):
    one, two = make_person(scene), make_person(scene)
    make_personal(database, scene, [one, two])
    assert isinstance(redeem(database, scene, scene.request(key="k", person_id=one.id)), Given)
    assert codes(redeem(database, scene, scene.request(key="k", person_id=two.id))) == ["key_used_differently"]


def test_a_substitution_is_kept_with_its_reason(database, scene):
    given = redeem(database, scene, scene.request(key="k", substitution="gula diganti kecap: stok gula basah"))
    with database.reading() as session:
        told = get_receipt(session, given.receipt_number, area="62").substitution
        assert told == "gula diganti kecap: stok gula basah"


def test_a_blocked_family_state_still_comes_before_everything_of_the_counter(database, scene):
    change(database, update(Family).where(Family.id == scene.families[0]).values(state=FamilyState.MOVED))
    assert codes(redeem(database, scene, scene.request(key="k", proofs=frozenset()))) == ["family_moved"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Redemption)) == 0
