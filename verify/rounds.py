"""Opening a round for villages: who is entitled is decided here by the rule, the rows are made by the registry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from registry.audit import Actor
from registry.days import local_day
from registry.db import Session
from registry.families.known_facts import current_family_facts
from registry.keys.keys import KeyRing
from registry.models import Round
from registry.programmes.catalogue import card_rule_on
from registry.programmes.rounds import Place, families_of, open_round
from verify.decide import ReasonCode, decide_entitled
from verify.facts import rule_facts


@dataclass(frozen=True, slots=True)
class OpenedRound:
    """A round that was opened, with how many families are entitled, and why the others are not."""

    round: Round
    entitled: int
    not_entitled: int
    reasons: Mapping[ReasonCode, int]
    """How many families each reason keeps off the rosters; a family can have several."""


def open_round_for_villages(
    session: Session,
    programme_code: str,
    *,
    name: str,
    opens_on: date,
    closes_on: date,
    price: int | None = None,
    places: Sequence[Place],
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> OpenedRound:
    """Open a round, with an entitlement for every family of the villages that passes the rule in force today.

    Whether a family has a card already makes no difference: the entitlement is the family's, the card is how it shows
    it. Families are decided village by village, so memory stays flat for a whole province.

    Raises:
        NotFound: as :func:`registry.programmes.rounds.open_round`, and code ``card_rule_missing``.
        RegistryError, Conflict: as :func:`registry.programmes.rounds.open_round`.
    """
    rule = card_rule_on(session, local_day(at))
    families: Counter[bool] = Counter()
    reasons: Counter[ReasonCode] = Counter()

    def entitled(village: str) -> Iterator[UUID]:
        states = families_of(session, village)
        for family_id, known in current_family_facts(session, states).items():
            decision = decide_entitled(rule_facts(states[family_id], known, rule))
            families[decision.is_granted] += 1
            reasons.update({reason.code for reason in decision.reasons})
            if decision.is_granted:
                yield family_id

    opened = open_round(
        session,
        programme_code,
        name=name,
        opens_on=opens_on,
        closes_on=closes_on,
        price=price,
        places=places,
        entitled=entitled,
        actor=actor,
        keys=keys,
        at=at,
    )
    return OpenedRound(opened, families[True], families[False], reasons)
