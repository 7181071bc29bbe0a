"""However families are spread over lists, each list names just its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moment import NOW
from sqlalchemy import select

from registry.db import Database
from registry.models import ListedFamily
from tests.import_office import Office
from tests.lists import invent, rows_of

FAMILIES = invent(6)
SPREAD = st.lists(st.sets(st.integers(0, len(FAMILIES) - 1), min_size=1), min_size=1, max_size=3)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path, NOW)


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(spread=SPREAD)
def test_each_list_names_its_own_families(office: Office, spread: list[set[int]]) -> None:
    # one database for all examples: what earlier lists named stays, and must not come into a later one
    lists = [office.take(rows_of([FAMILIES[one] for one in sorted(some)])).list_id for some in spread]
    for list_id, some in zip(lists, spread, strict=True):
        with office.database.reading() as session:
            named = session.scalars(select(ListedFamily.family_id).where(ListedFamily.list_id == list_id)).all()
        expected = [family.id for one in some if (family := office.family(FAMILIES[one])) is not None]
        assert sorted(named) == sorted(expected)
        assert len(named) == len(some)
