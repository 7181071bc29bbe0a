"""Laws of deciding: they hold whatever the facts are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from moment import NOW

from registry.kinds import BlockReason, CardState, FamilyState, Outcome, RoundState
from verify.decide import (
    NOT_A_CARD_OF_OURS,
    AskedRound,
    CardFacts,
    GivenBefore,
    GivingFacts,
    ReasonCode,
    RuleFacts,
    ScannedCard,
    decide,
    decide_card,
    decide_entitled,
)

days = st.integers(-3, 3).map(lambda by: NOW.date() + timedelta(days=by))
moments = st.integers(-3, 3).map(lambda by: NOW + timedelta(days=by))
aids = st.frozensets(st.sampled_from(["pkh", "sembako", "blt_dd"]))
names = st.sampled_from(["Balai Desa Contoh", "Kantor Camat Contoh"])
rules = st.builds(
    RuleFacts, st.sampled_from(FamilyState), st.none() | st.integers(1, 10), aids, st.integers(1, 10), aids
)
cards = st.builds(
    ScannedCard,
    st.sampled_from(CardState),
    st.none() | st.sampled_from(BlockReason),
    moments,
    moments,
    st.sampled_from(FamilyState),
    st.booleans(),
    st.booleans(),
)
rounds = st.builds(
    AskedRound,
    name=st.just("Tahap I"),
    opens_on=days,
    closes_on=days,
    state=st.sampled_from(RoundState),
    serves_here=st.booleans(),
    listed_on=days,
    entitled_at=st.none() | names,
    entitled_here=st.booleans(),
    given_before=st.none() | st.builds(GivenBefore, moments, names, st.just("Rina"), st.just("260302-K7M3QF-000001")),
    rule=st.none() | rules,
)
facts = st.builds(GivingFacts, moments, days, st.none() | cards, st.none() | rounds)


@given(facts)
def test_a_decision_is_granted_or_names_its_reasons(facts):
    decision = decide(facts)
    assert decision.is_granted == (not decision.reasons)
    assert len(decision.reasons) == len({(one.code, *one.detail.items()) for one in decision.reasons})


@given(facts)
def test_only_what_is_no_card_of_ours_is_unknown(facts):
    decision = decide(facts)
    assert (decision.outcome is Outcome.UNKNOWN) == any(one.code in NOT_A_CARD_OF_OURS for one in decision.reasons)


@given(facts)
def test_nothing_is_granted_without_an_active_card_on_an_open_roster_of_this_place(facts):
    if decide(facts).is_granted:
        assert facts.card is not None
        assert facts.round is not None
        assert facts.card.state is CardState.ACTIVE
        assert facts.card.issued_at <= facts.at < facts.card.expires_at
        assert facts.card.family_state is FamilyState.ACTIVE
        assert facts.round.state is RoundState.OPEN
        assert facts.round.opens_on <= facts.today <= facts.round.closes_on
        assert facts.round.entitled_here
        assert facts.round.given_before is None


@given(facts)
def test_what_was_given_is_told_only_to_a_valid_card(facts):
    codes = {one.code for one in decide(facts).reasons}
    if ReasonCode.ALREADY_GIVEN in codes:
        assert codes <= {ReasonCode.ALREADY_GIVEN, ReasonCode.ROUND_NOT_OPEN}


@given(rules, st.booleans(), st.none() | st.just("62-06-207002-8"))
def test_who_gets_a_card_is_entitled_as_well(rule, has_head, live_card):
    if decide_card(CardFacts(rule, has_head=has_head, live_card=live_card)).is_granted:
        assert decide_entitled(rule).is_granted


@given(rules, st.integers(1, 10))
def test_a_higher_limit_takes_nobody_off_the_list(rule, raised):
    if decide_entitled(rule).is_granted and raised >= rule.max_desil:
        assert decide_entitled(replace(rule, max_desil=raised)).is_granted
