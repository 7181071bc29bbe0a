"""The trust list in the database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from card_house import make_ring
from moment import NOW

from registry.errors import KeyFault
from registry.keys.keys import load_trust, trust_issuing_key
from registry.models import TrustedKey

RING = make_ring(NOW)


def test_what_the_root_signed_for_is_believed_and_brought_in_once(database):
    for _ in range(2):
        with database.writing() as session:
            trust_issuing_key(session, RING)
    with database.reading() as session:
        assert session.query(TrustedKey).count() == 1
        trust = load_trust(session)
    assert trust.find(RING.signer.kid) == RING.trusted[0]
    assert trust.find(b"none") is None


def test_a_new_key_joins_the_old_one(database):
    new = make_ring(NOW, seed=8)
    both = replace(new, trusted=RING.trusted + new.trusted)
    with database.writing() as session:
        trust_issuing_key(session, RING)
        trust_issuing_key(session, both)
        trust = load_trust(session)
    assert trust.find(RING.signer.kid)
    assert trust.find(new.signer.kid)


def test_keys_of_another_database_are_refused(database):
    with database.writing() as session:
        trust_issuing_key(session, RING)
        with pytest.raises(KeyFault) as fault:
            trust_issuing_key(session, make_ring(NOW, seed=8))
    assert fault.value.code == "keys_of_another_database"


def test_a_retired_key_stays_retired(database):
    with database.writing() as session:
        trust_issuing_key(session, RING)
        session.get_one(TrustedKey, RING.signer.kid).retired_at = NOW
        trust_issuing_key(session, RING)
        assert load_trust(session).find(RING.signer.kid).retired_at == NOW
