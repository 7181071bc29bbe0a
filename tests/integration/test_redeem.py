"""Giving a package: given, refused, repeated, taken back; each leaves its row and its audit line."""

from __future__ import annotations

from datetime import timedelta

import pytest
from giving_scene import Scene, set_scene
from moment import NOW
from sqlalchemy import delete, func, select, update

from registry.audit import Actor, verify_chains
from registry.db import Database, new_id
from registry.errors import Conflict, NotFound
from registry.giving.receipts import get_receipt, undo_redemption
from registry.giving.redemptions import NewRedemption, Overtaken, OwnHub, add_redemptions, ensure_own_hub
from registry.kinds import BlockReason, CardState, Outcome, RoundState
from registry.models import Attempt, AuditLine, Card, Entitlement, Hub, Redemption, RedemptionUndo, Round
from verify.facts import Scan
from verify.reasons import Reason, ReasonCode
from verify.redeem import Given, Refused, redeem_all


@pytest.fixture
def scene(database: Database) -> Scene:
    return set_scene(database, NOW, families=3)


def redeem(database: Database, scene: Scene, *requests):
    with database.connecting(writes=True) as connection:
        answers = redeem_all(connection, requests, audit_key=scene.keys.audit_key)
    return answers[0] if len(answers) == 1 else answers


def change(database: Database, statement) -> None:
    with database.writing() as session:
        session.execute(statement)


def codes(answer) -> list[str]:
    assert isinstance(answer, Refused)
    return [reason.code.value for reason in answer.decision.reasons]


def take_back(database: Database, scene: Scene, given: Given) -> None:
    with database.writing() as session:
        undo_redemption(session, given.redemption_id, reason="salah keluarga", **scene.supervising)


def test_a_giving_leaves_a_row_that_says_all(database, scene):
    given = redeem(database, scene, scene.request(key="k1"))
    assert isinstance(given, Given)
    assert not given.is_repeated
    with database.reading() as session:
        row = session.scalars(select(Redemption)).one()
        hub = session.scalars(select(Hub)).one()
        assert row.id == given.redemption_id
        assert (row.entitlement_id, row.card_id) == (scene.entitlements[0], scene.cards[0])
        assert (row.hub_id, row.incarnation, row.seq, hub.last_seq) == (hub.id, 1, 1, 1)
        assert (row.officer_id, row.point_id, row.device_id) == (scene.officer_id, scene.point_id, None)
        assert (row.value, row.price, row.given_at) == (150_000, 0, NOW)
        assert (row.idempotency_key, row.follows_undo_id) == ("k1", None)
        line = session.scalars(select(AuditLine)).one()
        assert (line.action, line.subject) == ("redemption.given", f"redemption:{row.id}")
        assert given.receipt_number in line.detail


def test_a_receipt_tells_what_was_given(database, scene):
    given = redeem(database, scene, scene.request(1, key="k1"))
    with database.reading() as session:
        receipt = get_receipt(session, given.receipt_number, area="62")
        assert receipt.number == given.receipt_number
        assert receipt.number.startswith("260302-")
        assert receipt.number.endswith("-000001")
        assert (receipt.programme_code, receipt.round_name) == ("PANGAN", "Tahap I")
        assert (receipt.value, receipt.price) == (150_000, 0)
        assert (receipt.point_code, receipt.officer_number, receipt.officer) == ("TB-TUMBANG", "P-0001", "Rina Contoh")
        assert (receipt.card_number, receipt.head_name) == (scene.numbers[1], "Kepala Contoh 1")
        assert receipt.undone_at is None
        with pytest.raises(NotFound, match="receipt_unknown"):
            get_receipt(session, "260302-ABCDEF-000001", area="62")
        with pytest.raises(NotFound, match="receipt_unknown"):
            get_receipt(session, given.receipt_number, area="62.13")


def test_a_receipt_of_a_command_names_no_officer(database, scene):
    given = redeem(database, scene, scene.request(key="k", actor=Actor(None, scene.point_id)))
    with database.reading() as session:
        receipt = get_receipt(session, given.receipt_number, area="62")
        assert (receipt.officer_number, receipt.officer) == ("", "")


def test_a_second_giving_names_the_first(database, scene):
    given = redeem(database, scene, scene.request(key="k1"))
    again = redeem(database, scene, scene.request(key="k2", at=NOW + timedelta(hours=1)))
    assert codes(again) == ["already_given"]
    assert again.decision.reasons[0].detail == {
        "at": NOW.isoformat(),
        "point": "Balai Desa Tumbang Contoh",
        "officer": "Rina Contoh (P-0001)",
        "receipt": given.receipt_number,
        "round": "Tahap I",
        "unit": "paket",
    }


def test_the_same_key_gives_the_same_receipt(database, scene):
    given = redeem(database, scene, scene.request(key="k1"))
    again = redeem(database, scene, scene.request(key="k1", at=NOW + timedelta(hours=1)))
    assert again == Given(given.redemption_id, given.receipt_number, NOW, is_repeated=True)


def test_the_same_key_gives_the_same_receipt_after_the_card_was_blocked(database, scene):
    given = redeem(database, scene, scene.request(key="k1"))
    change(database, update(Card).values(state=CardState.BLOCKED, block_reason=BlockReason.LOST))
    assert redeem(database, scene, scene.request(key="k1")).receipt_number == given.receipt_number


@pytest.mark.parametrize("other", ["card", "point"])
def test_the_same_key_for_something_else_is_refused_and_kept(database, scene, other):
    redeem(database, scene, scene.request(key="k1"))
    request = {
        "card": lambda: scene.request(1, key="k1"),
        "point": lambda: scene.request(key="k1", actor=Actor(scene.officer_id, scene.other_point_id)),
    }[other]()
    assert codes(redeem(database, scene, request)) == ["key_used_differently"]
    with database.reading() as session:
        assert session.scalars(select(Attempt.reasons)).all() == [["key_used_differently"]]


def test_a_typed_number_opens_what_the_code_opens(database, scene):
    given = redeem(database, scene, scene.request(key="k1", scan=Scan(number=scene.numbers[0])))
    assert isinstance(given, Given)
    assert codes(redeem(database, scene, scene.request(key="k2"))) == ["already_given"]


def test_scanned_and_typed_in_one_group_are_given_once(database, scene):
    first, second = redeem(
        database,
        scene,
        scene.request(key="k1"),
        scene.request(key="k2", scan=Scan(number=scene.numbers[0])),
    )
    assert isinstance(first, Given)
    assert codes(second) == ["already_given"]
    assert second.decision.reasons[0].detail["receipt"] == first.receipt_number


def test_a_group_answers_each_in_its_place(database, scene):
    answers = redeem(
        database,
        scene,
        scene.request(0, key="a"),
        scene.request(0, key="b"),
        scene.request(1, key="c"),
        scene.request(0, key="a"),
        scene.request(2, key="c"),
        scene.request(0, key="d", scan=Scan(token_hash=bytes(32))),
        scene.request(2, key="e", round_id=None),
    )
    kinds = [codes(one) if isinstance(one, Refused) else one.is_repeated for one in answers]
    assert kinds == [
        False,
        ["already_given"],
        False,
        True,
        ["key_used_differently"],
        ["card_unknown"],
        ["no_round_here"],
    ]
    assert answers[3].receipt_number == answers[0].receipt_number
    with database.reading() as session:
        assert session.scalars(select(Redemption.seq).order_by(Redemption.seq)).all() == [1, 2]
        assert verify_chains(session, key=scene.keys.audit_key) == []


def test_a_refusal_burns_no_number(database, scene):
    redeem(database, scene, scene.request(0, key="a"))
    for number in range(5):
        redeem(database, scene, scene.request(0, key=f"again {number}"))
    redeem(database, scene, scene.request(1, key="b"))
    with database.reading() as session:
        assert session.scalars(select(Redemption.seq).order_by(Redemption.seq)).all() == [1, 2]
        assert session.scalars(select(Hub.last_seq)).one() == 2


def test_a_refusal_is_a_row_with_its_reasons_and_an_audit_line(database, scene):
    change(database, update(Card).values(state=CardState.REPLACED, block_reason=BlockReason.DAMAGED))
    answer = redeem(database, scene, scene.request(key="k"))
    assert codes(answer) == ["card_replaced"]
    with database.reading() as session:
        attempt = session.scalars(select(Attempt)).one()
        assert (attempt.outcome, attempt.reasons) == (Outcome.REFUSED, ["card_replaced"])
        assert (attempt.card_id, attempt.round_id) == (scene.cards[0], scene.round_id)
        assert (attempt.officer_id, attempt.point_id) == (scene.officer_id, scene.point_id)
        line = session.scalars(select(AuditLine)).one()
        assert (line.action, line.subject) == ("scan.refused", f"attempt:{attempt.id}")
        assert session.scalar(select(func.count()).select_from(Redemption)) == 0


def test_what_is_no_card_of_ours_is_kept_as_unknown(database, scene):
    scan = Scan(refusal=Reason(ReasonCode.NOT_OURS, {"kind": "qris"}))
    answer = redeem(database, scene, scene.request(key="k", scan=scan))
    assert answer.decision.outcome is Outcome.UNKNOWN
    with database.reading() as session:
        attempt = session.scalars(select(Attempt)).one()
        assert (attempt.outcome, attempt.reasons, attempt.card_id) == (Outcome.UNKNOWN, ["not_ours"], None)


def test_another_point_is_told_where_to_go(database, scene):
    answer = redeem(database, scene, scene.request(key="k", actor=Actor(scene.officer_id, scene.other_point_id)))
    assert codes(answer) == ["wrong_place"]
    assert answer.decision.reasons[0].detail["point"] == "Balai Desa Tumbang Contoh"


def test_a_closed_round_gives_nothing(database, scene):
    change(database, update(Round).values(state=RoundState.CLOSED))
    assert codes(redeem(database, scene, scene.request(key="k"))) == ["round_not_open"]


def test_the_last_day_of_a_round_ends_at_midnight_in_wib(database, scene):
    change(database, update(Round).values(closes_on=NOW.date()))
    late = NOW.replace(hour=16, minute=59)
    assert isinstance(redeem(database, scene, scene.request(0, key="a", at=late)), Given)
    over = codes(redeem(database, scene, scene.request(1, key="b", at=late + timedelta(minutes=1))))
    assert over == ["round_not_open"]


def test_a_family_on_no_roster_is_told_so(database, scene):
    change(database, delete(Entitlement).where(Entitlement.family_id == scene.families[0]))
    here = redeem(database, scene, scene.request(key="k"))
    assert codes(here) == ["not_entitled"]
    assert here.decision.reasons[0].detail == {"round": "Tahap I", "listed_on": "2026-03-02"}
    elsewhere = redeem(database, scene, scene.request(key="k", actor=Actor(scene.officer_id, scene.other_point_id)))
    assert codes(elsewhere) == ["not_entitled", "no_round_here"]


def test_an_undone_giving_can_be_given_once_more(database, scene):
    first = redeem(database, scene, scene.request(key="a"))
    take_back(database, scene, first)
    second = redeem(database, scene, scene.request(key="b"))
    assert isinstance(second, Given)
    assert codes(redeem(database, scene, scene.request(key="c"))) == ["already_given"]
    with database.reading() as session:
        undo = session.scalars(select(RedemptionUndo)).one()
        rows = session.scalars(select(Redemption).order_by(Redemption.seq)).all()
        assert [row.follows_undo_id for row in rows] == [None, undo.id]
        assert get_receipt(session, first.receipt_number, area="62").undone_at == NOW
        assert get_receipt(session, second.receipt_number, area="62").undone_at is None
        assert verify_chains(session, key=scene.keys.audit_key) == []


def test_a_giving_is_taken_back_only_once_and_with_a_reason(database, scene):
    given = redeem(database, scene, scene.request(key="a"))
    with database.writing() as session:
        with pytest.raises(Conflict, match="reason_missing"):
            undo_redemption(session, given.redemption_id, reason="  ", **scene.supervising)
        with pytest.raises(NotFound, match="redemption_unknown"):
            undo_redemption(session, new_id(), reason="keliru", **scene.supervising)
    take_back(database, scene, given)
    with database.writing() as session, pytest.raises(Conflict, match="already_undone"):
        undo_redemption(session, given.redemption_id, reason="keliru", **scene.supervising)


def test_nobody_takes_back_what_they_gave_themselves(database, scene):
    given = redeem(database, scene, scene.request(key="k1"))
    with database.writing() as session, pytest.raises(Conflict, match="own_giving"):
        undo_redemption(session, given.redemption_id, reason="keliru", **scene.rest)
    assert isinstance(redeem(database, scene, scene.request(key="k2")), Refused)


def test_the_same_key_after_an_undo_says_that_it_was_undone(database, scene):
    first = redeem(database, scene, scene.request(key="k"))
    with database.writing() as session:
        undo_redemption(session, first.redemption_id, reason="keliru", **scene.supervising)
    again = redeem(database, scene, scene.request(key="k"))
    assert again == Given(first.redemption_id, first.receipt_number, NOW, is_repeated=True, is_undone=True)


def test_a_reprinted_card_makes_no_second_entitlement(database, scene):
    redeem(database, scene, scene.request(key="a"))
    with database.writing() as session:
        old = session.get_one(Card, scene.cards[0])
        old.state, old.block_reason = CardState.REPLACED, BlockReason.DAMAGED
        session.flush()
        new = Card(
            **{
                column.name: getattr(old, column.name)
                for column in Card.__table__.columns
                if column.name not in {"id", "state", "block_reason"}
            },
        )
        new.number, new.token_hash, new.status_index = "62-06-999999-0", b"n" * 32, 999_999
        new.issue_number, new.replaces_id, new.state = 2, old.id, CardState.ACTIVE
        session.add(new)
    assert codes(redeem(database, scene, scene.request(key="b"))) == ["card_replaced"]
    assert codes(redeem(database, scene, scene.request(key="c", scan=Scan(token_hash=b"n" * 32)))) == ["already_given"]


def test_being_overtaken_writes_nothing(database, scene):
    redeem(database, scene, scene.request(key="a"))
    with database.open_session(writes=True) as session:
        row = session.scalars(select(Redemption)).one()
        hub = OwnHub(row.hub_id, 1, 1)
        late = NewRedemption(row.entitlement_id, None, row.card_id, scene.actor, "b", bytes(32), 150_000, 0, NOW)
        with pytest.raises(Overtaken):
            add_redemptions(session.connection(), hub, [late], audit_key=scene.keys.audit_key)
        session.rollback()
    with database.reading() as session:
        assert session.scalars(select(Hub.last_seq)).one() == 1
        assert verify_chains(session, key=scene.keys.audit_key) == []


def test_without_a_hub_nothing_is_given(database, scene):
    change(database, update(Hub).values(is_own=False))
    with pytest.raises(NotFound, match="hub_missing"):
        redeem(database, scene, scene.request(key="k"))
    with database.writing() as session:
        made = ensure_own_hub(session, "Pusat")
        assert ensure_own_hub(session, "Lain") is made
    assert isinstance(redeem(database, scene, scene.request(key="k")), Given)
