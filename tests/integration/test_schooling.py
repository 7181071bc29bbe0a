"""Schooling: the children of a card, confirming one once, and what a school is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import UUID

import pytest
from giving_scene import OTHER_VILLAGE
from moment import NOW
from school_scene import AREA, LETTER, NISN, SchoolScene, add_school_round, set_school_scene
from sqlalchemy import func, select, update

from registry.audit import verify_chains
from registry.db import new_id
from registry.errors import NotFound
from registry.families.known_facts import current_person_facts
from registry.giving.receipts import undo_redemption
from registry.kinds import CardState, PeriodKind, PersonState, Relation, RoundState
from registry.models import (
    Addendum,
    Attempt,
    Card,
    Complaint,
    Determination,
    Enrolment,
    Entitlement,
    EntitlementRemoval,
    Family,
    FamilyFacts,
    Person,
    Redemption,
    Round,
    ServicePoint,
)
from registry.schooling.enrolments import StatedEnrolment, get_confirmation
from registry.schooling.pupils import school_rounds
from registry.schooling.school_lists import get_school_list, tally_school_lists
from verify.facts import Scan
from verify.not_confirmed import Elsewhere, NotConfirmed
from verify.reasons import ReasonCode
from verify.redeem import Given, RedeemRequest, redeem_all
from verify.schooling import Confirmed, PupilSeen, look_at_pupils


@pytest.fixture
def scene(database) -> Iterator[SchoolScene]:
    scene = set_school_scene(database)
    yield scene
    scene.writer.close()


def codes(answer) -> list[ReasonCode]:
    return [reason.code for reason in answer.decision.reasons]


def elsewhere(answer) -> Elsewhere | None:
    """Return what the case of the only refusal names."""
    [refused] = answer.refused if isinstance(answer, PupilSeen) else [answer]
    return refused.elsewhere


def count(scene: SchoolScene, model) -> int:
    with scene.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model))


def children(scene: SchoolScene, *, point=None, scan=None, area=AREA) -> list[str]:
    with scene.database.reading() as session:
        seen = look_at_pupils(
            session,
            scan or Scan(token_hash=scene.giving.tokens[0]),
            point_id=point or scene.first,
            area=area,
            at=NOW,
        )
    return [one.name for one in seen.pupils]


def change(scene: SchoolScene, model, id_, **values) -> None:
    with scene.database.writing() as session:
        session.execute(update(model).where(model.id == id_).values(**values))


# whom a school sees


def test_a_school_sees_children_from_six_to_twenty_one_and_no_parent(scene):
    assert children(scene) == ["Mina Contoh", "Yanto Contoh", "Rahmat Contoh"]
    change(scene, Person, scene.brother, birth_date=date(2020, 3, 3))
    change(scene, Person, scene.sister, birth_date=date(2004, 3, 2))
    assert children(scene) == ["Rahmat Contoh"]


def test_a_child_that_died_or_moved_out_is_not_shown(scene):
    change(scene, Person, scene.brother, state=PersonState.DEAD)
    change(scene, Person, scene.sister, state=PersonState.MOVED)
    assert children(scene) == ["Rahmat Contoh"]


def test_a_campus_office_sees_those_from_seventeen_to_twenty_five(scene):
    change(scene, Person, scene.brother, birth_date=date(2001, 1, 1))
    assert children(scene, point=scene.campus) == ["Yanto Contoh", "Mina Contoh"]


def test_a_married_student_is_shown_where_the_list_has_them(scene):
    change(scene, Person, scene.sister, relation=Relation.WIFE)
    assert "Mina Contoh" not in children(scene)
    assert "Mina Contoh" in children(scene, point=scene.campus)


def test_a_number_typed_for_a_family_far_away_shows_nobody(scene):
    change(scene, Family, scene.giving.families[0], village_code=OTHER_VILLAGE)
    typed = Scan(number=scene.giving.numbers[0])
    assert children(scene, scan=typed, area="62.06.05.2001") == []
    assert len(children(scene, area="62.06.05.2001")) == 3, "the code itself proves that the card is here"


def test_a_person_who_is_not_shown_cannot_be_chosen(scene):
    with scene.database.reading() as session:
        head = session.scalars(select(Person.id).where(Person.name == "Kepala Contoh 0")).one()
        stranger = session.scalars(select(Person.id).where(Person.name == "Kepala Contoh 1")).one()
    for person in (head, stranger, new_id()):
        assert codes(scene.look(person)) == [ReasonCode.PERSON_NOT_OF_FAMILY]
        assert codes(scene.confirm(person)) == [ReasonCode.PERSON_NOT_OF_FAMILY]
    assert count(scene, Redemption) == 0


# confirming


def test_a_pupil_is_confirmed_once_with_what_the_school_states(scene):
    assert scene.look().decision.is_granted
    answer = scene.confirm()
    assert isinstance(answer, Confirmed)
    with scene.database.reading() as session:
        enrolment = session.scalars(select(Enrolment)).one()
        assert (enrolment.nisn, enrolment.npsn, enrolment.stated_at) == (NISN, "30201234", NOW)
        told = get_confirmation(session, answer.receipt_number, point_id=scene.first)
        assert (told.name, told.birth_year, told.undone_at) == ("Rahmat Contoh", 2009, None)
        with pytest.raises(NotFound, match="receipt_unknown"):
            get_confirmation(session, answer.receipt_number, point_id=scene.second)
        assert verify_chains(session, key=scene.giving.keys.audit_key) == []


def test_asked_again_with_the_same_key_it_is_the_same_receipt(scene):
    assert scene.confirm(key="same") == scene.confirm(key="same")
    assert count(scene, Enrolment) == count(scene, Redemption) == 1


def test_confirmed_already_here_is_told_with_its_receipt(scene):
    receipt = scene.confirm(key="one").receipt_number
    for answer in (scene.look(), scene.confirm(key="two")):
        assert codes(answer) == [ReasonCode.PUPIL_CONFIRMED]
        assert answer.decision.reasons[0].detail["receipt"] == receipt
        assert elsewhere(answer) is None
    assert count(scene, Enrolment) == 1


def test_taken_back_a_pupil_can_be_confirmed_once_more(scene):
    scene.confirm(key="one")
    with scene.database.writing() as session:
        first = session.scalars(select(Redemption.id)).one()
        undo_redemption(session, first, reason="keliru", **scene.giving.supervising)
    assert isinstance(scene.confirm(key="two"), Confirmed)
    assert codes(scene.confirm(key="three")) == [ReasonCode.PUPIL_CONFIRMED]
    assert count(scene, Enrolment) == 2


def test_a_right_of_another_kind_is_not_taken_by_a_school(scene):
    answer = scene.confirm(round_id=scene.giving.round_id)
    assert codes(answer) == [ReasonCode.NO_ROUND_HERE]
    assert codes(scene.confirm(round_id=new_id())) == [ReasonCode.NO_ROUND_HERE]
    assert count(scene, Redemption) == 0


# the NISN


@pytest.mark.parametrize("nisn", ["", "123", "12345678901", "abcdefghij", "٠٠٩١٢٣٤٥٦٧"])
def test_a_nisn_has_ten_digits(scene, nisn):
    answer = scene.confirm(stated=StatedEnrolment(nisn=nisn))
    assert codes(answer) == [ReasonCode.NISN_MALFORMED]
    assert count(scene, Redemption) == 0


def test_a_nisn_that_nobody_knew_becomes_known_by_the_school(scene):
    scene.confirm()
    with scene.database.reading() as session:
        known = current_person_facts(session, [scene.pupil])[scene.pupil].nisn
    assert (known.value, known.source, known.as_of) == (NISN, "Sekolah 30201234", NOW.date())


def test_a_nisn_that_is_known_is_not_stated_again(scene):
    scene.know_nisn(scene.pupil, NISN)
    assert isinstance(scene.confirm(), Confirmed)
    with scene.database.reading() as session:
        assert current_person_facts(session, [scene.pupil])[scene.pupil].nisn.source == "DTSEN"


def test_a_nisn_that_differs_is_refused_with_who_said_the_other(scene):
    scene.know_nisn(scene.pupil, "0000000001")
    answer = scene.confirm()
    assert codes(answer) == [ReasonCode.NISN_DIFFERS]
    assert answer.decision.reasons[0].detail == {"source": "DTSEN", "as_of": "2026-01-15"}
    assert count(scene, Redemption) == count(scene, Enrolment) == 0


# another school


def test_on_the_list_of_another_school_the_right_one_is_told(scene):
    for answer in (scene.look(point=scene.second), scene.confirm(point=scene.second)):
        assert codes(answer) == [ReasonCode.WRONG_PLACE]
        assert answer.decision.reasons[0].detail["point"] == "SMAN 1 Kamipang"
        assert elsewhere(answer) is None


def test_a_second_school_is_refused_and_opens_one_case_however_often_it_asks(scene):
    scene.confirm(key="one")
    told = set()
    for key in ("two", "three"):
        for answer in (scene.look(point=scene.second), scene.confirm(point=scene.second, key=key)):
            assert codes(answer) == [ReasonCode.PUPIL_ELSEWHERE]
            detail = answer.decision.reasons[0].detail
            assert detail == {"at": NOW.isoformat(), "point": "SMAN 1 Kamipang", "npsn": "30201234"}
            assert elsewhere(answer).first.point_id == scene.first
            assert elsewhere(answer).second_npsn == "30205678"
            [kept] = scene.keep(answer, point=scene.second)
            told.add(kept.decision.reasons[0].detail["case"])
    with scene.database.reading() as session:
        assert {one.number for one in session.scalars(select(Complaint))} == told
    assert count(scene, Complaint) == 1
    assert count(scene, Redemption) == 1
    assert count(scene, Attempt) == 4


def test_two_lists_of_one_year_do_not_make_two_enrolments(scene):
    """A pupil who moved may stand on the list of a round of each kabupaten."""
    other = scene.open_round("SEKOLAH", "2026/2027 Kotim", points={scene.second: [scene.pupil]})
    scene.confirm(key="one")
    answer = scene.confirm(point=scene.second, key="two", round_id=other)
    assert codes(answer) == [ReasonCode.PUPIL_ELSEWHERE]
    assert answer.elsewhere is not None
    assert count(scene, Redemption) == 1


def test_a_student_is_no_pupil_of_two_schools_for_studying_and_a_pupil_not_for_going_to_school(scene):
    """Neither place asks for what the other one confirmed."""
    scene.know_nisn(scene.sister, NISN)
    scene.open_round("SEKOLAH", "2026/2027 kelas XII", points={scene.second: [scene.sister]})
    assert isinstance(scene.study(key="one"), Confirmed)
    seen = scene.look(scene.sister, point=scene.first)
    assert [offer.period for offer in seen.offers] == [PeriodKind.SCHOOL_YEAR]
    assert [one.elsewhere for one in seen.refused] == [None]


def test_what_is_refused_beside_what_can_be_confirmed_is_kept_and_its_case_opened(scene):
    other = scene.open_round("SEKOLAH", "2026/2027 kota", points={scene.second: [scene.sister]})
    scene.know_nisn(scene.sister, NISN)
    assert isinstance(scene.confirm(scene.sister, point=scene.second, round_id=other, key="one"), Confirmed)
    with scene.database.writing() as session:
        add_school_round(session, "SEKOLAH", "2026/2027 kampus", scene.giving.families[0], {scene.campus: []})
    seen = scene.look(scene.sister, point=scene.campus)
    assert [offer.decision.is_granted for offer in seen.offers] == [True, False]
    [kept] = scene.keep(seen, point=scene.campus)
    assert kept.decision.reasons[0].code is ReasonCode.PUPIL_ELSEWHERE
    assert kept.attempt_id is not None
    assert (count(scene, Attempt), count(scene, Complaint)) == (1, 1)


def test_whatever_a_school_is_refused_of_a_pupil_knows_the_pupil(scene):
    """What is only looked at, what is refused before the giving is asked, and what the giving itself keeps."""
    scene.keep(scene.look(scene.brother))
    scene.keep(scene.confirm(scene.brother, stated=StatedEnrolment(nisn="1")))
    scene.keep(scene.confirm(scene.brother, round_id=scene.giving.round_id))
    assert scene.confirm(scene.brother).attempt_id is None, "it speaks of the family: the giving's row is not shown"
    scene.keep(scene.confirm(scene.brother))
    with scene.database.reading() as session:
        assert session.scalars(select(Attempt.person_id)).all() == [scene.brother] * 6


def test_whom_a_school_does_not_see_no_refusal_of_it_knows(scene):
    with scene.database.reading() as session:
        head = session.scalars(select(Person.id).where(Person.relation == Relation.HEAD).limit(1)).one()
    scene.keep(scene.look(head))
    scene.keep(scene.confirm(head))
    with scene.database.reading() as session:
        assert session.scalars(select(Attempt.person_id)).all() == [None, None]


def test_the_next_school_year_is_another_year(scene):
    scene.confirm(key="one")
    later = NOW + timedelta(days=365)
    following = scene.open_round(
        "SEKOLAH",
        "2027/2028",
        points={scene.second: [scene.pupil]},
        opens_on=later.date(),
        closes_on=later.date() + timedelta(days=60),
    )
    change(scene, Card, scene.giving.cards[0], expires_at=later + timedelta(days=365))
    answer = scene.confirm(point=scene.second, key="two", round_id=following, at=later)
    assert isinstance(answer, Confirmed)


def test_two_schools_at_once_confirm_a_pupil_once_and_a_case_is_opened_once(scene):
    """Only the first has the pupil on its list; whenever the second asks, it is sent there or learns of it."""
    gate = threading.Barrier(8)

    def ask(number: int):
        gate.wait()
        point = scene.first if number % 2 else scene.second
        answer = scene.confirm(point=point, key=f"k{number}")
        if isinstance(answer, NotConfirmed):
            scene.keep(answer, point=point)
        return answer

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert sum(isinstance(one, Confirmed) for one in answers) == 1
    refused = {code for one in answers if isinstance(one, NotConfirmed) for code in codes(one)}
    assert refused <= {ReasonCode.PUPIL_CONFIRMED, ReasonCode.PUPIL_ELSEWHERE, ReasonCode.WRONG_PLACE}
    scene.keep(scene.look(point=scene.second), point=scene.second)
    assert count(scene, Complaint) == 1
    assert count(scene, Redemption) == count(scene, Enrolment) == 1


def two_lists(scene: SchoolScene) -> dict[UUID, UUID]:
    """Put the pupil on the list of the second school too, in a round of the same time; return the rounds by school."""
    return {
        scene.first: scene.year,
        scene.second: scene.open_round("SEKOLAH", "2026/2027 kota", points={scene.second: [scene.pupil]}),
    }


def requests(scene: SchoolScene, rounds: dict[UUID, UUID]) -> list[RedeemRequest]:
    """Ask for the pupil at each school, past the look that comes before the lock."""
    return [
        RedeemRequest(
            scan=Scan(token_hash=scene.giving.tokens[0]),
            round_id=round_id,
            idempotency_key=str(point),
            actor=scene.actor(point),
            at=NOW,
            person_id=scene.pupil,
            enrolment=StatedEnrolment(nisn=NISN, npsn="-"),
        )
        for point, round_id in rounds.items()
    ]


@pytest.mark.parametrize("groups", [1, 2])
def test_on_the_lists_of_two_rounds_a_pupil_is_confirmed_once_under_the_lock(scene, groups):
    asked = requests(scene, two_lists(scene))
    answers = []
    for group in [asked] if groups == 1 else [asked[:1], asked[1:]]:
        with scene.database.connecting(writes=True) as connection:
            answers += redeem_all(connection, group, audit_key=scene.giving.keys.audit_key)
    given, refused = answers
    assert isinstance(given, Given)
    assert codes(refused) == [ReasonCode.ALREADY_GIVEN]
    assert refused.decision.reasons[0].detail["receipt"] == given.receipt_number
    assert count(scene, Redemption) == count(scene, Enrolment) == 1


def test_two_schools_with_a_list_each_confirm_a_pupil_once_at_the_same_moment(scene):
    rounds = list(two_lists(scene).items())
    gate = threading.Barrier(8)

    def ask(number: int):
        point, round_id = rounds[number % 2]
        gate.wait()
        return scene.confirm(point=point, round_id=round_id, key=f"k{number}")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert sum(isinstance(one, Confirmed) for one in answers) == 1
    refused = {code for one in answers if isinstance(one, NotConfirmed) for code in codes(one)}
    assert refused == {ReasonCode.PUPIL_CONFIRMED, ReasonCode.PUPIL_ELSEWHERE}
    assert count(scene, Redemption) == 1


def test_what_another_round_confirmed_and_was_taken_back_stands_in_no_way(scene):
    asked = requests(scene, two_lists(scene))
    for one in asked:
        with scene.database.connecting(writes=True) as connection:
            [answer] = redeem_all(connection, [one], audit_key=scene.giving.keys.audit_key)
        assert isinstance(answer, Given)
        with scene.database.writing() as session:
            undo_redemption(session, answer.redemption_id, reason="keliru", **scene.giving.supervising)


# not on a list, or not now


def test_not_on_the_list_is_told_without_a_word_of_poverty(scene):
    with scene.database.writing() as session:
        session.add(
            FamilyFacts(
                id=new_id(),
                family_id=scene.giving.families[0],
                source="DTSEN",
                as_of=date(2026, 2, 1),
                recorded_at=NOW,
                desil=9,
                receives_pkh=True,
            )
        )
    seen = scene.look(scene.brother)
    assert codes(seen) == [ReasonCode.PUPIL_NOT_LISTED, ReasonCode.NOT_TOLD_HERE]
    assert not any(word in str(seen.decision).lower() for word in ("desil", "pkh", "dtsen"))


def test_a_child_too_young_for_the_programme_is_told_the_age(scene):
    change(scene, Person, scene.brother, birth_date=date(2015, 3, 3))
    seen = scene.look(scene.brother)
    assert codes(seen) == [ReasonCode.PUPIL_NOT_LISTED, ReasonCode.CLAUSE_FAILED]
    assert seen.decision.reasons[1].detail["clause"] == "usia"


def test_a_pupil_whom_an_addendum_removed_is_refused(scene):
    with scene.database.writing() as session:
        session.add(
            Determination(
                round_id=scene.year,
                decree_number="SK 1",
                decree_date=NOW.date(),
                programme_version=1,
                clauses=[],
                entitled=1,
                list_hash=bytes(32),
                frozen_at=NOW,
            )
        )
        session.flush()
        addendum = Addendum(id=new_id(), round_id=scene.year, number="SK 2", reason="pindah provinsi", made_at=NOW)
        session.add(addendum)
        session.flush()
        right = session.scalars(select(Entitlement.id).where(Entitlement.person_id == scene.pupil)).one()
        session.add(EntitlementRemoval(entitlement_id=right, addendum_id=addendum.id))
    assert codes(scene.confirm()) == [ReasonCode.REMOVED_FROM_LIST]
    with scene.database.reading() as session:
        assert get_school_list(session, scene.year, point_id=scene.first).pupils == ()


def test_a_closed_round_confirms_nobody(scene):
    change(scene, Round, scene.year, state=RoundState.CLOSED)
    assert codes(scene.look()) == [ReasonCode.ROUND_NOT_OPEN]
    assert codes(scene.confirm()) == [ReasonCode.ROUND_NOT_OPEN]


def test_a_blocked_card_says_nothing_of_why(scene):
    change(scene, Card, scene.giving.cards[0], state=CardState.BLOCKED, block_reason="misused")
    assert codes(scene.look()) == [ReasonCode.CARD_NOT_USABLE]
    assert scene.look().decision.reasons[0].detail == {}
    assert codes(scene.confirm()) == [ReasonCode.CARD_NOT_USABLE]


def test_a_family_whose_head_died_is_sent_to_the_counter_without_a_word_of_it(scene):
    with scene.database.writing() as session:
        session.execute(update(Person).where(Person.name == "Kepala Contoh 0").values(state=PersonState.DEAD))
    assert codes(scene.look()) == [ReasonCode.CARD_NOT_USABLE]


def test_a_counter_that_is_no_school_confirms_nobody(scene):
    seen = scene.look(scene.brother, point=scene.giving.point_id)
    assert codes(seen) == [ReasonCode.NO_ROUND_HERE]


# studying


def test_a_student_is_recorded_with_campus_and_letter(scene):
    assert [one.programme for one in scene.look(scene.sister, point=scene.campus).offers][:1] == [
        "Kuliah Gratis (Satu Rumah Satu Sarjana)"
    ]
    answer = scene.study()
    assert isinstance(answer, Confirmed)
    with scene.database.reading() as session:
        enrolment = session.scalars(select(Enrolment)).one()
    assert (enrolment.campus, enrolment.evidence, enrolment.nisn) == ("Universitas Palangka Raya", LETTER, "")


@pytest.mark.parametrize("stated", [StatedEnrolment(campus="Universitas"), StatedEnrolment(evidence=LETTER)])
def test_without_campus_or_letter_nobody_studies(scene, stated):
    assert codes(scene.study(stated=stated)) == [ReasonCode.CAMPUS_MISSING]


def test_without_seeing_the_ktp_nobody_studies(scene):
    answer = scene.study(proofs=frozenset())
    assert codes(answer) == [ReasonCode.PROOF_MISSING]
    assert answer.attempt_id is not None
    assert count(scene, Attempt) == 1


def test_a_student_is_recorded_once_in_a_semester(scene):
    scene.study(key="one")
    assert codes(scene.study(key="two")) == [ReasonCode.PUPIL_CONFIRMED]


def test_another_of_the_family_is_told_only_that_it_is_one_per_family(scene):
    scene.study(key="one")
    seen = scene.look(scene.brother, point=scene.campus)
    assert ReasonCode.ONE_PER_FAMILY in codes(seen)
    assert "Mina" not in str(seen.decision)
    answer = scene.study(scene.brother, key="two")
    assert ReasonCode.ONE_PER_FAMILY in codes(answer)
    assert count(scene, Redemption) == 1


# the list of a school


def test_a_school_sees_its_own_list_and_no_other(scene):
    scene.confirm()
    with scene.database.reading() as session:
        listed = get_school_list(session, scene.year, point_id=scene.first)
        assert [(one.name, one.nisn, one.confirmed_at) for one in listed.pupils] == [("Rahmat Contoh", NISN, NOW)]
        assert listed.confirmed == 1
        assert get_school_list(session, scene.year, point_id=scene.second).pupils == ()
        for point, round_ in ((scene.first, scene.semester), (scene.giving.point_id, scene.year)):
            with pytest.raises(NotFound, match="round_unknown"):
                get_school_list(session, round_, point_id=point)
        tallies = [(one.listed, one.confirmed) for one in tally_school_lists(session, scene.first)]
        assert tallies == [(1, 1)]


def test_a_confirmation_taken_back_counts_as_still_to_come(scene):
    scene.confirm()
    with scene.database.writing() as session:
        undo_redemption(
            session, session.scalars(select(Redemption.id)).one(), reason="keliru", **scene.giving.supervising
        )
    with scene.database.reading() as session:
        assert [(one.listed, one.confirmed) for one in tally_school_lists(session, scene.first)] == [(1, 0)]


def test_the_round_of_today_comes_before_the_one_that_lists_the_pupil(scene):
    past = scene.open_round(
        "SEKOLAH",
        "2025/2026",
        points={scene.first: [scene.pupil]},
        opens_on=NOW.date() - timedelta(days=400),
        closes_on=NOW.date() - timedelta(days=300),
    )
    with scene.database.reading() as session:
        point = session.get_one(ServicePoint, scene.first)
        asked = school_rounds(session, point=point, person_id=scene.pupil, today=NOW.date())
    assert past not in [one.id for one in asked]
    assert [one.id for one in asked] == [scene.year]


def test_a_school_without_npsn_confirms_nobody(scene):
    change(scene, ServicePoint, scene.first, facility_code="")
    assert codes(scene.confirm()) == [ReasonCode.NPSN_MISSING]
