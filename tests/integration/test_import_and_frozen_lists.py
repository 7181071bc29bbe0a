"""A list of the state comes every quarter by the import; what a decree has frozen stays as it was frozen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from moment import NOW
from sqlalchemy import select

from registry.db import Database, Session, new_id
from registry.kinds import PointKind
from registry.models import Balance, Entitlement, Family, Round, ServicePoint
from registry.programmes.catalogue import load_programmes
from registry.programmes.determinations import check_lists
from registry.programmes.rounds import Place
from tests.import_office import Office
from tests.lists import invent, rows_of
from verify.rounds import open_round_for_villages

LATER = NOW + timedelta(days=92)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    office = Office(database, tmp_path, NOW)
    with database.writing() as session:
        load_programmes(session, at=NOW)
    return office


def open_for(session: Session, office: Office, code: str, name: str, villages: list[str]) -> Round:
    point = session.query(ServicePoint).filter_by(code="BAGI").one_or_none()
    if point is None:
        point = ServicePoint(id=new_id(), code="BAGI", name="Balai", kind=PointKind.HANDOUT, area_code="62")
        session.add(point)
        session.flush()
    days = {"opens_on": office.at.date(), "closes_on": office.at.date() + timedelta(days=9)}
    rest = {"actor": office.actor, "keys": office.keys, "at": office.at}
    places = [Place(point.id, villages)]
    return open_round_for_villages(session, code, name=name, places=places, **days, **rest).round


def rights(session: Session, *rounds: Round) -> list[tuple]:
    """Return every column of what stands on these lists."""
    ids = [one.id for one in rounds]
    return sorted(
        tuple(getattr(row, column.name) for column in model.__table__.columns)
        for model in (Entitlement, Balance)
        for row in session.scalars(select(model).where(model.round_id.in_(ids)))
    )


def test_a_quarterly_refresh_by_the_import_never_changes_a_frozen_list(office: Office) -> None:
    poor = [
        replace(one, desil=1, receives_pkh=False, receives_sembako=False, receives_blt_dd=False) for one in invent(8)
    ]
    office.take(rows_of(poor))
    villages = sorted({one.village_code for one in poor})
    elsewhere = next(code for code in villages if code != poor[1].village_code)
    with office.database.writing() as session:
        rounds = [open_for(session, office, "PANGAN", "Tahap I", villages)]
        rounds.append(open_for(session, office, "BELANJA", "2026", villages))
        before = rights(session, *rounds)
    assert len(before) == 2 * len(poor)

    office.at = LATER
    refreshed = [
        replace(poor[0], desil=9),
        replace(poor[1], village_code=elsewhere, address="Jl. Lain"),
        replace(poor[2], receives_pkh=True),
        replace(poor[3], people=(replace(poor[3].people[0], name="Nama Baru"), *poor[3].people[1:])),
        *poor[4:7],  # the eighth is on the new list no more
        replace(invent(9)[8], desil=1, receives_pkh=False, receives_sembako=False, receives_blt_dd=False),
    ]
    applied = office.take(rows_of(refreshed), as_of=LATER.date() - timedelta(days=5))
    assert applied.counts["changed"] + applied.counts["new"] >= 4

    with office.database.writing() as session:
        assert rights(session, *(session.get_one(Round, one.id) for one in rounds)) == before
        assert all(check.is_whole for check in check_lists(session))
        now_listed = open_for(session, office, "PANGAN", "Tahap II", villages)
        changed = {row.family_id for row in session.scalars(select(Entitlement).filter_by(round_id=now_listed.id))}
        of_before = set(session.scalars(select(Entitlement.family_id).filter_by(round_id=rounds[0].id)))
    gone, new = office.family(poor[0]), office.family(refreshed[-1])
    assert isinstance(gone, Family)
    assert isinstance(new, Family)
    assert gone.id in of_before - changed, "the refresh was real: the next round follows it"
    assert new.id in changed - of_before
