"""Laws of lists: no sequence of refreshes changes a frozen one, and no status is without its reason."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from giving_scene import OTHER_VILLAGE, VILLAGE, set_scene
from hypothesis import given, settings
from hypothesis import strategies as st
from moment import NOW
from sqlalchemy import select

from registry.db import Database
from registry.kinds import FamilyState, PersonState
from registry.models import Entitlement, Family, FamilyFacts, Person
from registry.programmes.determinations import check_lists
from registry.programmes.rounds import Place
from verify.rounds import open_round_for_villages
from verify.statuses import StatusKind, statuses_of

TODAY = date(2026, 3, 2)
FAMILIES = 3
facts = st.fixed_dictionaries(
    {
        "desil": st.none() | st.integers(1, 10),
        "receives_pkh": st.none() | st.booleans(),
        "receives_sembako": st.none() | st.booleans(),
        "receives_blt_dd": st.none() | st.booleans(),
    }
)
refreshes = st.lists(
    st.tuples(
        st.integers(0, FAMILIES - 1),
        st.sampled_from(FamilyState),
        st.sampled_from(PersonState),
        st.sampled_from([VILLAGE, OTHER_VILLAGE]),
        facts,
    ),
    max_size=6,
)


def refresh(session, scene, day, number, state, person_state, village, said) -> None:
    family = session.get_one(Family, scene.families[number])
    family.state, family.village_code = state, village
    session.scalars(select(Person).where(Person.family_id == family.id)).one().state = person_state
    session.add(FamilyFacts(family_id=family.id, source="DTSEN", as_of=day, recorded_at=NOW, **said))
    session.flush()


@settings(max_examples=25)
@given(before=refreshes, after=refreshes)
def test_no_refresh_changes_a_frozen_list_and_every_status_has_its_reason(
    before, after, sqlite_template: Path, tmp_path_factory
):
    path = tmp_path_factory.mktemp("frozen") / "kiosk.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    try:
        scene = set_scene(database, NOW, families=FAMILIES)
        with database.writing() as session:
            for number, one in enumerate(before):
                refresh(session, scene, TODAY - timedelta(days=90 - number), *one)
            for code in ("PASAR", "BELANJA", "KULIAH"):
                open_round_for_villages(
                    session,
                    code,
                    name="Maret",
                    opens_on=TODAY,
                    closes_on=TODAY + timedelta(days=9),
                    places=[Place(scene.point_id, [VILLAGE])],
                    **scene.rest,
                )
            frozen = rows(session)
            for number, one in enumerate(after):
                refresh(session, scene, TODAY + timedelta(days=number), *one)
            assert rows(session) == frozen
            assert all(check.is_whole for check in check_lists(session))
            for family_id in scene.families:
                for status in statuses_of(session, session.get_one(Family, family_id), at=NOW):
                    assert status.subjects
                    for one in status.subjects:
                        assert bool(one.reasons) == (one.kind in (StatusKind.NOT_ENTITLED, StatusKind.WAITING))
    finally:
        database.close()


def rows(session) -> set:
    columns = Entitlement.__table__.columns
    return {tuple(row) for row in session.execute(select(*columns))}
