"""Complaints: taken once, numbered, answered by one officer at a time, and hidden from those complained of."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from card_house import VILLAGE, CardHouse
from sqlalchemy import func, select

from registry.audit import Actor, verify_chains
from registry.complaints.cases import open_case
from registry.complaints.complaints import take_complaint
from registry.complaints.numbers import draw_number, read_number
from registry.complaints.reading import (
    Reader,
    count_complaints,
    get_complaint,
    get_taken,
    list_complaints,
    tell_family,
)
from registry.complaints.refusals import get_refusal
from registry.complaints.steps import answer_complaint, close_complaint, refer_complaint
from registry.db import Session, new_id
from registry.errors import Conflict, NotFound, RegistryError
from registry.giving.redemptions import NewAttempt, add_attempts
from registry.kinds import ComplaintKind, ComplaintState, Outcome, PointKind, Referral, RoundState
from registry.models import Attempt, AuditLine, Complaint, ComplaintStep, Round, ServicePoint

AT = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


@pytest.fixture
def house(database) -> CardHouse:
    return CardHouse(database, AT)


def take(house: CardHouse, kind: ComplaintKind = ComplaintKind.NOT_LISTED, words: str = "Belum pernah didata.", **rest):
    with house.database.writing() as session:
        known = {"area_code": VILLAGE, "key": str(uuid4()), **house.rest} | rest
        return take_complaint(session, kind, words, **known)


def reader(house: CardHouse, **other) -> Reader:
    """Return a registrar of the whole kabupaten who works at another point."""
    return replace(Reader(uuid4(), "62.06", sees_families=True, office_code=None), **other)


def numbers(house: CardHouse, who: Reader, **asked) -> list[str]:
    with house.database.reading() as session:
        return [line.number for line in list_complaints(session, who, **asked)]


def add_point(house: CardHouse, code: str) -> UUID:
    point = ServicePoint(id=new_id(), code=code, name=code, kind=PointKind.HANDOUT, area_code=VILLAGE)
    with house.database.writing() as session:
        session.add(point)
    return point.id


def step(
    house: CardHouse, act, complaint: Complaint, *, seen: int = 0, words: str = "Sudah diperiksa.", **rest
) -> None:
    with house.database.writing() as session:
        act(session, complaint.id, words=words, seen=seen, **rest, **house.rest)


def test_a_number_says_the_day_at_the_counter_and_is_read_however_it_is_typed():
    number = draw_number(datetime(2026, 11, 21, 18, 0, tzinfo=UTC))
    assert re.fullmatch(r"ADU-261122-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}", number)
    for typed in (
        number,
        number.lower(),
        number.replace("-", ""),
        f" {number.removeprefix('ADU-').replace('-', ' ')} ",
    ):
        assert read_number(typed) == number
    for wrong in ("", "ADU", number[:-1], number + "2", number.replace(number[-1], "0"), "1" * 16):
        assert read_number(wrong) is None


def test_a_complaint_is_taken_with_a_number_and_leaves_a_line(house):
    complaint = take(house)
    with house.database.reading() as session:
        line = session.scalar(select(AuditLine).where(AuditLine.action == "complaint.taken"))
        assert complaint.number in line.detail
        assert ComplaintKind.NOT_LISTED.value not in line.detail
        assert verify_chains(session, key=house.keys.audit_key) == []
    assert (complaint.state, complaint.is_case) == (ComplaintState.OPEN, False)


def test_the_same_request_again_is_the_same_complaint(house):
    key = str(uuid4())
    first, again = take(house, key=key), take(house, key=key, words="Ditekan lagi.")
    assert (first.id, first.number, again.words) == (again.id, again.number, "Belum pernah didata.")


def test_many_requests_at_once_under_one_key_are_one_complaint_with_one_line(house):
    key = str(uuid4())
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: take(house, key=key).number, range(8)))
    assert len(set(taken)) == 1
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Complaint)) == 1
        assert session.scalar(select(func.count()).where(AuditLine.action == "complaint.taken")) == 1


def test_a_number_that_is_taken_already_is_drawn_again(house, monkeypatch):
    drawn = iter(["ADU-261122-AAAA-AAAA", "ADU-261122-AAAA-AAAA", "ADU-261122-BBBB-BBBB"])
    monkeypatch.setattr("registry.complaints.complaints.draw_number", lambda _: next(drawn))
    assert [take(house).number, take(house).number] == ["ADU-261122-AAAA-AAAA", "ADU-261122-BBBB-BBBB"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("  ", "complaint_words_missing"),
        ("a" * 501, "complaint_words_long"),
        ("NIK saya 6206050101800001", "text_holds_number"),
        ("KK 6206 0501 0112 0001", "text_holds_number"),
    ],
)
def test_words_that_cannot_be_kept_are_refused(house, words, code):
    with pytest.raises(RegistryError) as refused:
        take(house, words=words)
    assert refused.value.code == code


def test_a_case_is_opened_once_and_is_marked(house):
    def open_it() -> Complaint:
        with house.database.writing() as session:
            return open_case(
                session,
                ComplaintKind.DOUBLE,
                words="Satu murid didaftarkan di dua sekolah.",
                family_id=None,
                person_id=None,
                round_id=None,
                area_code=VILLAGE,
                key="second-school:1",
                **house.rest,
            )

    case, again = open_it(), open_it()
    assert case.number == again.number
    with house.database.reading() as session:
        [line] = list_complaints(session, reader(house))
    assert line.is_case


def test_a_complaint_goes_from_rt_to_desa_to_musdes_to_dtsen_is_answered_and_closed(house):
    complaint = take(house)
    way = (Referral.RT, Referral.VILLAGE, Referral.VILLAGE_MEETING, Referral.DTSEN)
    for seen, referral in enumerate(way):
        step(house, refer_complaint, complaint, seen=seen, referral=referral, office_code=None)
    step(house, answer_complaint, complaint, seen=4, words="Sudah masuk daftar triwulan depan.")
    step(house, close_complaint, complaint, seen=5)
    with house.database.reading() as session:
        whole = get_complaint(session, complaint.number, reader(house))
    assert [one.referral for one in whole.steps] == [*way, None, None]
    assert [one.state for one in whole.steps][-2:] == [ComplaintState.ANSWERED, ComplaintState.CLOSED]
    assert whole.complaint.state is ComplaintState.CLOSED
    assert numbers(house, reader(house), states=[ComplaintState.OPEN]) == []


def test_a_complaint_is_referred_to_an_office_by_name(house):
    complaint = take(house)
    for code, wrong in ((None, "complaint_office_missing"), ("TIDAKADA", "office_unknown")):
        with pytest.raises(RegistryError) as refused:
            step(house, refer_complaint, complaint, referral=Referral.OFFICE, office_code=code)
        assert refused.value.code == wrong
    step(house, refer_complaint, complaint, referral=Referral.OFFICE, office_code="DISDIK")
    assert numbers(house, reader(house), office_code="DISDIK") == [complaint.number]
    assert numbers(house, reader(house), office_code="DINKES") == []
    step(house, refer_complaint, complaint, seen=1, referral=Referral.RT, office_code="DISDIK")
    assert numbers(house, reader(house), office_code="DISDIK") == []


def test_steps_out_of_turn_are_refused(house):
    complaint = take(house)
    with pytest.raises(Conflict, match="complaint_changed"):
        step(house, close_complaint, complaint)
    step(house, answer_complaint, complaint)
    for act, rest in ((answer_complaint, {}), (refer_complaint, {"referral": Referral.RT, "office_code": None})):
        with pytest.raises(Conflict, match="complaint_changed"):
            step(house, act, complaint, seen=1, **rest)


def test_of_two_officers_at_once_one_wins_and_the_other_is_told(house):
    complaint = take(house)

    def try_it(n: int) -> str:
        try:
            step(house, refer_complaint, complaint, referral=Referral.RT, office_code=None, words=f"Petugas {n}")
        except Conflict as conflict:
            return conflict.code
        return "won"

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(try_it, range(6)))
    assert sorted(answers) == ["complaint_changed"] * 5 + ["won"]
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ComplaintStep)) == 1


def test_whoever_has_waited_longest_stands_on_top(house):
    late, early = take(house, at=AT), take(house, at=AT - timedelta(days=3))
    assert numbers(house, reader(house)) == [early.number, late.number]
    assert numbers(house, reader(house), skip=1, limit=1) == [late.number]


def test_the_list_is_narrowed_by_kind_state_and_area(house):
    listed, lost = take(house), take(house, ComplaintKind.LOST_CARD, area_code="62.06.05.2004")
    assert numbers(house, reader(house), kind=ComplaintKind.LOST_CARD) == [lost.number]
    assert numbers(house, reader(house), area=VILLAGE) == [listed.number]
    step(house, answer_complaint, listed)
    assert numbers(house, reader(house), states=[ComplaintState.ANSWERED]) == [listed.number]


def test_nobody_sees_complaints_of_another_area(house):
    complaint = take(house)
    elsewhere = reader(house, area_code="62.01")
    assert numbers(house, elsewhere) == []
    with house.database.reading() as session, pytest.raises(NotFound, match="complaint_unknown"):
        get_complaint(session, complaint.number, elsewhere)


def test_an_office_sees_what_it_was_asked_and_nothing_else(house):
    asked, other = take(house), take(house)
    step(house, refer_complaint, asked, referral=Referral.OFFICE, office_code="DISDIK")
    step(house, refer_complaint, other, referral=Referral.OFFICE, office_code="DINKES")
    take(house)
    assert numbers(house, reader(house, sees_families=False, office_code="DISDIK")) == [asked.number]
    assert len(numbers(house, reader(house, sees_families=False))) == 3


def test_the_office_of_the_refused_round_sees_the_complaint_at_once(house):
    day = AT.date()
    market = Round(
        id=new_id(),
        programme_code="PASAR",
        name="November",
        opens_on=day,
        closes_on=day,
        state=RoundState.OPEN,
        value=150_000,
        price=15_000,
        legal_reference="x",
        created_at=AT,
    )
    with house.database.writing() as session:
        session.add(market)
        session.flush()
        attempt_id = refuse(session, house, round_id=market.id)
    complaint = take(house, attempt_id=attempt_id)
    owner = reader(house, sees_families=False, office_code="DISDAGPERIN")
    with house.database.reading() as session:
        [line] = list_complaints(session, owner)
        assert (line.number, line.programme) == (complaint.number, "Pasar Murah")
        assert get_complaint(session, complaint.number, owner).round_name == "November"
        assert count_complaints(session, owner) == 1
        assert count_complaints(session, reader(house, sees_families=False, office_code="DINSOS")) == 0
    step(house, answer_complaint, complaint)
    with house.database.reading() as session:
        assert count_complaints(session, owner) == 0


def test_who_works_at_the_point_complained_of_sees_nothing_of_extortion(house):
    accused = add_point(house, "BAGI-1")
    told_elsewhere = take(house, ComplaintKind.EXTORTION, about_point_id=accused)
    told_there = take(house, ComplaintKind.EXTORTION, actor=Actor(None, accused))
    at_accused, elsewhere = reader(house, point_id=accused), reader(house)
    assert numbers(house, at_accused) == []
    assert sorted(numbers(house, elsewhere)) == sorted([told_elsewhere.number, told_there.number])
    with house.database.reading() as session:
        for number in (told_elsewhere.number, told_there.number):
            with pytest.raises(NotFound):
                get_complaint(session, number, at_accused)
            with pytest.raises(NotFound):
                tell_family(session, number, point_id=accused)
            assert tell_family(session, number, point_id=house.actor.point_id).complaint.number == number


def test_who_took_a_complaint_at_another_point_sees_what_is_said_of_the_accused_one(house):
    accused = add_point(house, "BAGI-1")
    complaint = take(house, ComplaintKind.EXTORTION, about_point_id=accused)
    assert numbers(house, reader(house, point_id=house.actor.point_id)) == [complaint.number]


def test_an_office_hears_of_extortion_only_when_it_is_asked(house):
    complaint = take(house, ComplaintKind.EXTORTION)
    office = reader(house, sees_families=False, office_code="DINSOS")
    for who in (office, reader(house, sees_families=False)):
        assert numbers(house, who) == []
    step(house, refer_complaint, complaint, referral=Referral.OFFICE, office_code="DINSOS")
    assert numbers(house, office) == [complaint.number]


def test_the_slip_is_for_the_officer_who_took_the_complaint(house):
    complaint = take(house)
    with house.database.reading() as session:
        assert get_taken(session, complaint.number, officer_id=house.actor.officer_id).complaint.id == complaint.id
        with pytest.raises(NotFound):
            get_taken(session, complaint.number, officer_id=uuid4())


def test_steps_are_history(house):
    complaint = take(house)
    step(house, answer_complaint, complaint)
    with pytest.raises(Exception, match="append-only"), house.database.writing() as session:
        session.scalar(select(ComplaintStep)).words = "Lain."


def refuse(session: Session, house: CardHouse, *, round_id: UUID | None = None) -> UUID:
    attempt = NewAttempt(
        outcome=Outcome.REFUSED,
        reasons=("not_entitled", "no_round_here"),
        card_id=None,
        round_id=round_id,
        person_id=None,
        actor=house.actor,
        at=AT,
        details=({"round": "Tahap I", "listed_on": "2026-02-01"}, {}),
    )
    return add_attempts(session.connection(), [attempt], audit_key=house.keys.audit_key)[0]


def test_a_refusal_is_read_again_with_the_values_of_its_words_at_its_own_point_only(house):
    with house.database.writing() as session:
        attempt_id = refuse(session, house)
    complaint = take(house, attempt_id=attempt_id)
    with house.database.reading() as session:
        refusal = get_refusal(session, attempt_id, point_id=house.actor.point_id)
        assert refusal.details == [{"round": "Tahap I", "listed_on": "2026-02-01"}, {}]
        assert refusal.complaint_number == complaint.number
        with pytest.raises(NotFound, match="refusal_unknown"):
            get_refusal(session, attempt_id, point_id=uuid4())
        assert session.scalar(select(func.count()).select_from(Attempt)) == 1
