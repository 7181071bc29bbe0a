"""A quota is counted in a period, not in a round: no two rounds of one period list the same family or person."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Thread

import pytest
from giving_scene import VILLAGE, Scene, set_scene
from moment import NOW
from sqlalchemy import func, select, update

from registry.db import Database, Session, new_id
from registry.errors import Conflict
from registry.identifiers import Nik
from registry.kinds import Basis, PeriodKind, Relation, Sex
from registry.models import Balance, Entitlement, Person, Programme, Round
from registry.programmes.addenda import add_to_list, remove_from_list
from registry.programmes.determinations import determine_round
from registry.programmes.listing import Right, add_rights, rosters_by_village, standing_subjects
from registry.programmes.office_lists import LineFault, OfficeLine, add_office_list
from registry.programmes.periods import period_of
from registry.programmes.rounds import Place, close_round, prepare_round, start_round
from verify.reasons import ReasonCode
from verify.rounds import Why, evaluate_round, open_round_for_villages

TODAY = date(2026, 3, 2)
DECREE = {"decree_number": "460/12/2026", "decree_date": date(2026, 2, 27)}
NIK = Nik("6206051201900001")


@pytest.fixture
def scene(database: Database) -> Scene:
    return set_scene(database, NOW, families=2)


@pytest.fixture
def session(database: Database):
    with database.open_session(writes=True) as session:
        yield session


def prepare(session: Session, scene: Scene, code: str, name: str, *, opens_on: date = TODAY, days: int = 5) -> Round:
    return prepare_round(
        session,
        code,
        name=name,
        opens_on=opens_on,
        closes_on=opens_on + timedelta(days=days),
        places=[Place(scene.point_id, [VILLAGE])],
        **scene.rest,
    )


def settle(session: Session, scene: Scene, code: str, name: str, **days) -> Round:
    """Prepare a round, write its list by the rule, and determine it."""
    round_ = prepare(session, scene, code, name, **days)
    evaluate_round(session, round_, **scene.rest)
    determine_round(session, round_, **DECREE, **scene.rest)
    return round_


def add_child(session: Session, scene: Scene, family: int = 0) -> Person:
    child = Person(
        id=new_id(),
        family_id=scene.families[family],
        position=1,
        nik_sealed=b"-",
        nik_index=scene.keys.vault.index("nik", NIK),
        name="Anak Contoh",
        relation=Relation.CHILD,
        sex=Sex.MALE,
        birth_date=date(2015, 1, 1),
        updated_at=NOW,
    )
    session.add(child)
    session.flush()
    return child


@pytest.mark.parametrize(
    ("kind", "day", "began"),
    [
        (PeriodKind.YEAR, date(2026, 12, 31), date(2026, 1, 1)),
        (PeriodKind.SCHOOL_YEAR, date(2026, 7, 1), date(2026, 7, 1)),
        (PeriodKind.SCHOOL_YEAR, date(2027, 6, 30), date(2026, 7, 1)),
        (PeriodKind.SEMESTER, date(2026, 9, 1), date(2026, 7, 1)),
        (PeriodKind.SEMESTER, date(2027, 2, 1), date(2027, 1, 1)),
        (PeriodKind.SEASON, date(2026, 10, 1), date(2026, 10, 1)),
        (PeriodKind.SEASON, date(2027, 3, 31), date(2026, 10, 1)),
        (PeriodKind.SEASON, date(2027, 4, 1), date(2027, 4, 1)),
        (PeriodKind.ONCE, date(2031, 5, 5), date.min),
        (PeriodKind.ROUND, TODAY, None),
        (PeriodKind.EVENT, TODAY, None),
    ],
)
def test_a_round_is_of_the_period_in_which_it_begins(kind, day, began):
    assert period_of(kind, day) == began


def test_a_balance_of_a_year_is_granted_once_however_many_rounds_there_are(session, scene):
    settle(session, scene, "BELANJA", "Tahun 2026")
    second = prepare(session, scene, "BELANJA", "Tahun 2026 b", opens_on=date(2026, 11, 1))
    listed = evaluate_round(session, second, **scene.rest)
    assert (listed.entitled, listed.reasons) == (0, {Why(ReasonCode.LISTED_IN_PERIOD, "Tahun 2026"): 2})
    next_year = prepare(session, scene, "BELANJA", "Tahun 2027", opens_on=date(2027, 1, 4))
    assert evaluate_round(session, next_year, **scene.rest).entitled == 2
    assert session.scalar(select(func.count()).where(Balance.round_id == second.id)) == 0


def test_two_markets_on_one_day_list_a_family_once_and_two_on_different_days_twice(session, scene):
    settle(session, scene, "PASAR", "Pasar pagi", days=0)
    same_day = prepare(session, scene, "PASAR", "Pasar sore", days=0)
    assert evaluate_round(session, same_day, **scene.rest).entitled == 0
    later = prepare(session, scene, "PASAR", "Pasar April", opens_on=date(2026, 4, 1), days=0)
    assert evaluate_round(session, later, **scene.rest).entitled == 2


def test_opening_in_one_step_leaves_out_who_is_listed_elsewhere_too(session, scene):
    days = {"opens_on": TODAY, "closes_on": TODAY, "places": [Place(scene.point_id, [VILLAGE])]}
    assert open_round_for_villages(session, "PASAR", name="Satu", **days, **scene.rest).entitled == 2
    assert open_round_for_villages(session, "PASAR", name="Dua", **days, **scene.rest).entitled == 0


def test_a_draft_stands_in_nobodys_way_and_of_two_the_second_is_not_determined_as_it_is(session, scene):
    first, second = prepare(session, scene, "PASAR", "Satu"), prepare(session, scene, "PASAR", "Dua")
    for round_ in (first, second):
        assert evaluate_round(session, round_, **scene.rest).entitled == 2
    determine_round(session, first, **DECREE, **scene.rest)
    with pytest.raises(Conflict, match="list_in_period") as refused:
        determine_round(session, second, **DECREE, **scene.rest)
    assert refused.value.detail == {"count": "2"}


def test_a_closed_round_counts_by_what_was_given_in_it_and_only_within_its_period(session, scene):
    first = settle(session, scene, "BELANJA", "Tahun 2026")
    start_round(session, first, **scene.rest)
    session.execute(
        update(Balance)
        .where(Balance.round_id == first.id, Balance.family_id == scene.families[0])
        .values(spent=1)
        .execution_options(synchronize_session=False)
    )
    close_round(session, first, **scene.rest)
    again = prepare(session, scene, "BELANJA", "Tahun 2026 b")
    assert evaluate_round(session, again, **scene.rest).entitled == 1
    assert session.scalars(select(Balance.family_id).where(Balance.round_id == again.id)).all() == [scene.families[1]]


def test_an_addendum_and_an_offices_list_refuse_whom_another_round_lists(session, scene):
    session.get_one(Programme, "SEKOLAH").places = ["titik_bagi"]
    session.flush()
    child = add_child(session, scene)
    first = prepare(session, scene, "SEKOLAH", "2026/2027", opens_on=date(2026, 7, 13))
    right = Right(child.family_id, child.id, rosters_by_village(session, first.id)[VILLAGE], Basis.DISCRETION, "SK 1")
    add_rights(session, first, [right])
    determine_round(session, first, **DECREE, **scene.rest)
    child.family_id = scene.families[1]  # who moves to another family takes the right along
    session.flush()
    second = prepare(session, scene, "SEKOLAH", "2026/2027 b", opens_on=date(2027, 1, 4))
    taken = add_office_list(session, second, [OfficeLine(2, NIK, "")], document="SK 2", **scene.rest)
    assert [(one.fault, one.about) for one in taken.left_out] == [(LineFault.IN_PERIOD, "2026/2027")]
    roster = rosters_by_village(session, second.id)[VILLAGE]
    add_rights(session, second, [Right(scene.families[0], head_of(session, scene.families[0]), roster)])
    determine_round(session, second, **DECREE, **scene.rest)
    with pytest.raises(Conflict, match="listed_in_period"):
        add_to_list(
            session,
            second,
            Right(scene.families[1], child.id, roster, Basis.DISCRETION, "SK 3"),
            number="ADD-1",
            reason="musdes",
            **scene.rest,
        )


def head_of(session: Session, family_id):
    return session.scalars(
        select(Person.id).where(Person.family_id == family_id, Person.relation == Relation.HEAD)
    ).one()


def test_another_person_of_the_family_stands_in_the_way_where_only_one_may_have_the_right(session, scene):
    session.get_one(Programme, "KULIAH").clauses = [{"code": "desil", "expression": "desil <= 4", "words": "-"}]
    session.flush()
    settle(session, scene, "KULIAH", "Ganjil", opens_on=date(2026, 9, 1))
    child = add_child(session, scene)
    second = prepare(session, scene, "KULIAH", "Ganjil b", opens_on=date(2026, 11, 1))
    assert evaluate_round(session, second, **scene.rest).entitled == 0
    assert (child.family_id, child.id) not in standing_subjects(session, second.id)
    following = prepare(session, scene, "KULIAH", "Genap", opens_on=date(2027, 2, 1))
    assert evaluate_round(session, following, **scene.rest).entitled == 2


def test_of_two_drafts_that_exclude_each_other_the_second_is_written_anew_without_them(session, scene):
    session.get_one(Programme, "TUNAI").excludes = ["BELANJA"]
    session.flush()
    cash, market = prepare(session, scene, "TUNAI", "Satu"), prepare(session, scene, "BELANJA", "2026")
    for round_ in (cash, market):
        assert evaluate_round(session, round_, **scene.rest).entitled == 2
    session.execute(  # one of them by the office's own decree: it stays through every writing by the rule alone
        update(Balance)
        .where(Balance.round_id == market.id, Balance.family_id == scene.families[0])
        .values(basis=Basis.OFFICE_DECREE, document="SK 7")
        .execution_options(synchronize_session=False)
    )
    determine_round(session, cash, **DECREE, **scene.rest)
    with pytest.raises(Conflict, match="list_excluded") as refused:
        determine_round(session, market, **DECREE, **scene.rest)
    assert refused.value.detail == {"count": "2"}
    evaluation = evaluate_round(session, market, **scene.rest)
    assert evaluation.taken_off == 1
    assert evaluation.reasons == {Why(ReasonCode.EXCLUDED_BY_PROGRAMME, cash.programme.name): 2}
    assert standing_subjects(session, market.id) == set()


def test_a_list_is_not_determined_under_a_rule_that_did_not_write_it(session, scene):
    round_ = prepare(session, scene, "PASAR", "Maret")
    evaluate_round(session, round_, **scene.rest)
    programme = session.get_one(Programme, "PASAR")
    programme.clauses = [{"code": "desil", "expression": "desil <= 0", "words": "batas desil 0"}]
    programme.version += 1
    session.flush()
    with pytest.raises(Conflict, match="list_outdated"):
        determine_round(session, round_, **DECREE, **scene.rest)
    evaluate_round(session, round_, **scene.rest)
    with pytest.raises(Conflict, match="round_list_empty"):
        determine_round(session, round_, **DECREE, **scene.rest)


def test_a_programme_that_was_stopped_meanwhile_is_not_opened(session, scene):
    round_ = settle(session, scene, "PASAR", "Maret")
    session.get_one(Programme, "PASAR").is_withdrawn = True
    session.flush()
    with pytest.raises(Conflict, match="programme_stopped"):
        start_round(session, round_, **scene.rest)


def of_heads_and_children(session: Session) -> None:
    programme = session.get_one(Programme, "SEKOLAH")
    programme.clauses = [{"code": "desil", "expression": "desil <= 4", "words": "-"}]
    programme.places = ["titik_bagi"]
    session.flush()


def test_a_list_is_written_anew_though_a_person_on_it_lives_in_another_family_now(session, scene):
    of_heads_and_children(session)
    child = add_child(session, scene)
    round_ = prepare(session, scene, "SEKOLAH", "2026/2027")
    add_office_list(session, round_, [OfficeLine(2, NIK, "")], document="SK 1", **scene.rest)
    child.family_id = scene.families[1]
    session.flush()
    evaluate_round(session, round_, **scene.rest)
    rows = session.execute(
        select(Entitlement.basis, Entitlement.family_id).where(
            Entitlement.round_id == round_.id, Entitlement.person_id == child.id
        )
    ).all()
    assert [tuple(row) for row in rows] == [(Basis.OFFICE_DECREE, scene.families[0])]
    again = add_office_list(session, round_, [OfficeLine(2, NIK, "")], document="SK 2", **scene.rest)
    assert [one.fault for one in again.left_out] == [LineFault.ON_LIST_ALREADY]


@pytest.mark.parametrize("one_per_family", [False, True])
def test_a_person_who_was_taken_off_comes_back_from_another_family(session, scene, one_per_family):
    of_heads_and_children(session)
    session.get_one(Programme, "SEKOLAH").one_per_family = one_per_family
    child = add_child(session, scene)
    round_ = prepare(session, scene, "SEKOLAH", "2026/2027")
    roster = rosters_by_village(session, round_.id)[VILLAGE]
    add_rights(session, round_, [Right(child.family_id, child.id, roster, Basis.DISCRETION, "SK 1")])
    determine_round(session, round_, **DECREE, **scene.rest)
    start_round(session, round_, **scene.rest)
    remove_from_list(session, round_, child.family_id, child.id, number="ADD-1", reason="pindah", **scene.rest)
    child.family_id = scene.families[1]
    session.flush()
    right = Right(child.family_id, child.id, roster, Basis.DISCRETION, "SK 2")
    add_to_list(session, round_, right, number="ADD-2", reason="kembali", **scene.rest)
    ordinals = select(Entitlement.ordinal).where(Entitlement.person_id == child.id).order_by(Entitlement.ordinal)
    assert session.scalars(ordinals).all() == [1, 2]


# on SQLite one transaction writes at a time
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_lists_of_one_period_are_not_determined_at_one_moment(database, scene):
    with database.writing() as session:
        ids = [prepare(session, scene, "PASAR", name).id for name in ("Satu", "Dua")]
        for round_id in ids:
            evaluate_round(session, session.get_one(Round, round_id), **scene.rest)
    refused: list[str] = []

    def determine_second() -> None:
        with database.open_session(writes=True) as second:
            try:
                determine_round(second, second.get_one(Round, ids[1]), **DECREE, **scene.rest)
                second.commit()
            except Conflict as error:
                refused.append(error.code)

    with database.open_session(writes=True) as first:
        determine_round(first, first.get_one(Round, ids[0]), **DECREE, **scene.rest)
        other = Thread(target=determine_second)
        other.start()
        other.join(1)
        assert other.is_alive(), "it waits for the first to end"
        first.commit()
    other.join()
    assert refused == ["list_in_period"]
