"""The rules, reason by reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from moment import NOW

from registry.kinds import BlockReason, CardState, FamilyState, Outcome, RoundState, Subject
from verify.clauses import FACTS, Stated, read_rule
from verify.decide import AskedRound, GivenBefore, GivingFacts, ScannedCard, Unlisted, decide
from verify.decide_card import CardFacts, RuleFacts, decide_card, decide_entitled
from verify.reasons import Decision, Reason, ReasonCode

TODAY = date(2026, 3, 2)
CARD = ScannedCard(
    state=CardState.ACTIVE,
    block_reason=None,
    issued_at=NOW - timedelta(days=30),
    expires_at=NOW + timedelta(days=30),
    family_state=FamilyState.ACTIVE,
    head_died=False,
    has_head=True,
)
ROUND = AskedRound(
    name="Tahap I",
    opens_on=TODAY,
    closes_on=TODAY,
    state=RoundState.OPEN,
    serves_here=True,
    listed_on=date(2026, 2, 20),
    entitled_at="Balai Desa Contoh",
    entitled_here=True,
    given_before=None,
)
BEFORE = GivenBefore(NOW, "Balai Desa Contoh", "Rina Contoh (P-0001)", "260302-K7M3QF-000123")
CLAUSES = read_rule(
    [
        {"code": "desil", "expression": "desil <= 2", "words": "batas desil 2"},
        {"code": "pkh", "expression": "menerima_pkh != true", "words": "penerima PKH tidak menerima bantuan ini"},
        {"code": "blt_dd", "expression": "menerima_blt_dd != true", "words": "penerima BLT tidak menerima bantuan ini"},
    ],
    Subject.FAMILY,
)


def rule_of(state: FamilyState = FamilyState.ACTIVE, **facts) -> RuleFacts:
    """Say what the rule says of a family of which DTSEN stated these facts, and nothing else."""
    stated = {
        name: Stated(facts[name], "DTSEN", date(2026, 1, 15)) if name in facts else Stated(None) for name in FACTS
    }
    return RuleFacts(state, CLAUSES.failures(stated))


def codes(decision: Decision) -> list[str]:
    return [reason.code.value for reason in decision.reasons]


def decide_with(card: dict | None = None, asked: dict | None = None) -> Decision:
    return decide(GivingFacts(NOW, TODAY, replace(CARD, **(card or {})), replace(ROUND, **(asked or {}))))


def test_an_active_card_on_the_roster_is_granted():
    assert decide_with() == Decision(Outcome.GRANTED)


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ({"state": CardState.BLOCKED, "block_reason": BlockReason.LOST}, "card_blocked"),
        ({"state": CardState.REPLACED, "block_reason": BlockReason.DAMAGED}, "card_replaced"),
        ({"state": CardState.ISSUED}, "card_not_handed_over"),
        ({"state": CardState.PRINTED}, "card_not_handed_over"),
        ({"issued_at": NOW + timedelta(seconds=1)}, "not_yet_valid"),
        ({"expires_at": NOW}, "expired"),
        ({"family_state": FamilyState.MOVED}, "family_moved"),
        ({"family_state": FamilyState.DISSOLVED}, "family_dissolved"),
        ({"has_head": False, "head_died": True}, "head_dead"),
        ({"has_head": False}, "no_head"),
    ],
)
def test_a_card_that_is_not_valid_says_so_and_nothing_of_what_was_given(card, code):
    decision = decide_with(card, {"given_before": BEFORE})
    assert decision.outcome is Outcome.REFUSED
    assert codes(decision) == [code]


def test_all_that_is_wrong_with_a_card_is_named():
    decision = decide_with(
        {"state": CardState.BLOCKED, "block_reason": BlockReason.LOST, "expires_at": NOW, "has_head": False}
    )
    assert codes(decision) == ["card_blocked", "expired", "no_head"]
    assert decision.reasons[0].detail == {"reason": "lost"}


def test_a_dead_head_with_a_successor_keeps_nobody_from_the_package():
    assert decide_with({"head_died": True}).is_granted


def test_a_card_that_nobody_knows_is_unknown_and_not_refused():
    assert decide(GivingFacts(NOW, TODAY, None, ROUND)) == Decision(Outcome.UNKNOWN, (Reason(ReasonCode.CARD_UNKNOWN),))


def test_already_given_tells_when_where_and_by_whom():
    decision = decide_with(asked={"given_before": BEFORE})
    assert codes(decision) == ["already_given"]
    assert decision.reasons[0].detail == {
        "at": "2026-03-02T01:30:00+00:00",
        "point": "Balai Desa Contoh",
        "officer": "Rina Contoh (P-0001)",
        "receipt": "260302-K7M3QF-000123",
        "round": "Tahap I",
        "unit": "paket",
    }


def test_already_given_weighs_more_than_the_wrong_place_and_a_round_that_is_over():
    decision = decide_with(
        asked={"given_before": BEFORE, "entitled_here": False, "closes_on": TODAY - timedelta(days=1)}
    )
    assert codes(decision) == ["already_given", "round_not_open"]


def test_the_wrong_place_names_the_right_one():
    decision = decide_with(asked={"entitled_here": False})
    assert codes(decision) == ["wrong_place"]
    assert decision.reasons[0].detail["point"] == "Balai Desa Contoh"


@pytest.mark.parametrize(
    "asked",
    [
        {"opens_on": TODAY + timedelta(days=1), "closes_on": TODAY + timedelta(days=2)},
        {"opens_on": TODAY - timedelta(days=2), "closes_on": TODAY - timedelta(days=1)},
        {"state": RoundState.CLOSED},
    ],
)
def test_a_round_that_is_not_open_names_its_days(asked):
    decision = decide_with(asked=asked)
    assert codes(decision) == ["round_not_open"]
    assert decision.reasons[0].detail["opens_on"] == asked.get("opens_on", TODAY).isoformat()
    assert decision.reasons[0].detail["closes_on"] == asked.get("closes_on", TODAY).isoformat()


def test_a_family_on_no_roster_is_told_every_clause_that_fails_with_what_it_saw():
    rule = rule_of(desil=4, menerima_pkh=True, menerima_blt_dd=False)
    decision = decide_with(asked={"entitled_at": None, "entitled_here": False, "unlisted": Unlisted(rule)})
    assert codes(decision) == ["not_entitled", "clause_failed", "clause_failed"]
    assert [reason.detail for reason in decision.reasons[1:]] == [
        {"clause": "desil", "words": "batas desil 2", "facts": '[["desil", "4", "DTSEN", "2026-01-15"]]'},
        {
            "clause": "pkh",
            "words": "penerima PKH tidak menerima bantuan ini",
            "facts": '[["menerima_pkh", "true", "DTSEN", "2026-01-15"]]',
        },
    ]


def test_a_clause_that_a_missing_fact_leaves_open_says_so():
    decision = decide_entitled(rule_of())
    assert codes(decision) == ["clause_unknown"]
    assert decision.reasons[0].detail["facts"] == '[["desil", null, "", ""]]'


def test_a_point_that_does_not_serve_the_round_says_so():
    decision = decide_with(asked={"entitled_at": None, "entitled_here": False, "serves_here": False})
    assert codes(decision) == ["not_entitled", "no_round_here"]
    assert codes(decide(GivingFacts(NOW, TODAY, CARD, None))) == ["no_round_here"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"desil": 2}, []),
        ({"desil": 1, "menerima_pkh": False}, []),
        ({"desil": 3}, ["clause_failed"]),
        ({}, ["clause_unknown"]),
        ({"desil": 2, "menerima_blt_dd": True}, ["clause_failed"]),
        ({"state": FamilyState.MOVED, "desil": 9}, ["family_moved", "clause_failed"]),
    ],
)
def test_who_is_entitled(facts, expected):
    assert codes(decide_entitled(rule_of(**facts))) == expected


def test_a_family_without_a_head_or_with_a_live_card_gets_no_card():
    assert decide_card(CardFacts(rule_of(desil=1), has_head=True, live_card=None)).is_granted
    decision = decide_card(CardFacts(rule_of(desil=1), has_head=False, live_card="62-06-207002-8"))
    assert codes(decision) == ["no_head", "card_exists"]
    assert decision.reasons[1].detail == {"number": "62-06-207002-8"}


@pytest.mark.parametrize(
    ("outcome", "reasons"), [(Outcome.REFUSED, ()), (Outcome.GRANTED, (Reason(ReasonCode.EXPIRED),))]
)
def test_a_refusal_without_a_reason_cannot_be_made(outcome, reasons):
    with pytest.raises(ValueError, match="granted or has reasons"):
        Decision(outcome, reasons)
