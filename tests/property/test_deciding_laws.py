"""Laws of deciding: they hold whatever the facts are."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from moment import NOW

from registry.kinds import BlockReason, CardState, FamilyState, Outcome, RoundState, Subject
from verify.clauses import Stated, read_rule
from verify.decide import AskedRound, GivenBefore, GivingFacts, ScannedCard, Unlisted, decide
from verify.decide_card import CardFacts, RuleFacts, decide_card, decide_entitled
from verify.reasons import NOT_A_CARD_OF_OURS, ReasonCode

days = st.integers(-3, 3).map(lambda by: NOW.date() + timedelta(days=by))
moments = st.integers(-3, 3).map(lambda by: NOW + timedelta(days=by))
names = st.sampled_from(["Balai Desa Contoh", "Kantor Camat Contoh"])
truths = st.sampled_from([None, True, False])
said = st.fixed_dictionaries(
    {
        "desil": st.none() | st.integers(1, 10),
        "menerima_pkh": truths,
        "menerima_sembako": truths,
        "menerima_blt_dd": truths,
    }
)


def rule_facts(state: FamilyState, facts: dict, limit: int, aids: frozenset[str]) -> RuleFacts:
    """Say what a rule with this limit, that excludes who receives these aids, says of a family."""
    clauses = [{"code": "desil", "expression": f"desil <= {limit}", "words": f"batas desil {limit}"}]
    clauses += [{"code": aid, "expression": f"menerima_{aid} != true", "words": aid} for aid in sorted(aids)]
    stated = {name: Stated(value, "DTSEN", NOW.date()) for name, value in facts.items()}
    return RuleFacts(state, read_rule(clauses, Subject.FAMILY).failures(stated))


aids = st.frozensets(st.sampled_from(["pkh", "sembako", "blt_dd"]))
rules = st.builds(rule_facts, st.sampled_from(FamilyState), said, st.integers(1, 10), aids)
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
    unlisted=st.builds(Unlisted, st.none() | rules),
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


@given(said, st.integers(1, 10), aids, st.integers(0, 9))
def test_a_higher_limit_takes_nobody_off_the_list(facts, limit, aids, more):
    lower = rule_facts(FamilyState.ACTIVE, facts, limit, aids)
    higher = rule_facts(FamilyState.ACTIVE, facts, limit + more, aids)
    if decide_entitled(lower).is_granted:
        assert decide_entitled(higher).is_granted


@given(said, st.integers(1, 10), aids)
def test_who_fails_more_clauses_hears_as_many_reasons(facts, limit, aids):
    rule = rule_facts(FamilyState.ACTIVE, facts, limit, aids)
    clauses = [one.detail["clause"] for one in decide_entitled(rule).reasons]
    expected = [] if facts["desil"] is not None and facts["desil"] <= limit else ["desil"]
    assert clauses == expected + [aid for aid in sorted(aids) if facts[f"menerima_{aid}"]]
