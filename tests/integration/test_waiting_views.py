"""The first page says how much waits for the officer who opens it, and of nothing else."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from family_scene import FAR_VILLAGE, VILLAGE, FamilyScene, two_heads
from kiosk_fixtures import Browser
from sqlalchemy import select

from kiosk.clock import now
from registry.audit import Actor
from registry.complaints.complaints import take_complaint
from registry.days import local_day
from registry.db import new_id
from registry.events.proposing import propose_event
from registry.events.statements import Death
from registry.kinds import ComplaintKind, Relation, Role, VersionState
from registry.models import Family, Officer, Person, ProgrammeVersion
from registry.officers.points import CENTRE, get_point

CHANGE, EVENT, COMPLAINT = "1 perubahan menunggu keputusan", "1 menunggu keputusan", "1 menunggu jawaban"
HELD = EVENT


@pytest.fixture
def scene(app, tmp_path, hire) -> FamilyScene:
    """A kiosk where Eko of the centre has put a change, an event and a complaint before others; one family is held."""
    scene = FamilyScene(app.extensions["kiosk"], tmp_path)
    scene.add_families(FAR_VILLAGE, 1)
    scene.import_rows(two_heads())
    hire(Role.PROGRAMME_MANAGER, Role.SUPERVISOR, username="eko")
    with scene.state.database.writing() as session:
        officer_id = session.scalars(select(Officer.id).where(Officer.username == "eko")).one()
        rest = {
            "actor": Actor(officer_id, get_point(session, CENTRE).id),
            "keys": scene.state.keys,
            "at": now(),
        }
        session.add(
            ProgrammeVersion(
                id=new_id(),
                programme_code="PANGAN",
                number=2,
                content={},
                reason="Surat",
                state=VersionState.PROPOSED,
                proposed_by_id=officer_id,
                proposed_at=now(),
            )
        )
        member = session.scalars(select(Person).where(Person.relation != Relation.HEAD)).first()
        propose_event(
            session,
            session.get_one(Family, member.family_id),
            Death(member.id),
            happened_on=local_day(now()),
            evidence="Akta 1/2026",
            area="62",
            **rest,
        )
        about = {"area_code": VILLAGE, "key": str(uuid4())}
        take_complaint(session, ComplaintKind.NOT_LISTED, "Belum pernah didata.", **about, **rest)
    return scene


def numbers(browser: Browser) -> list[str]:
    return re.findall(r'class="tile__count">([^<]+)<', browser.get("/").text)


def test_each_is_told_what_waits_for_the_own_decision(scene, signed_in):
    assert numbers(signed_in(Role.PROGRAMME_MANAGER, username="lina")) == [CHANGE, COMPLAINT]
    assert numbers(signed_in(Role.SUPERVISOR, username="siti")) == [EVENT, COMPLAINT]
    assert numbers(signed_in(Role.REGISTRAR, username="rita")) == [EVENT, HELD, COMPLAINT]
    assert numbers(signed_in(Role.CARD_CLERK, Role.DISTRIBUTOR, username="ani")) == []


def test_what_one_has_proposed_waits_for_others(scene, app):
    browser = Browser(app)
    browser.sign_in("eko")
    assert numbers(browser) == [COMPLAINT]


def test_what_waits_elsewhere_or_at_another_office_is_not_told(scene, signed_in):
    assert numbers(signed_in(Role.REGISTRAR, username="rita", area="62.13")) == []
    assert numbers(signed_in(Role.PROGRAMME_MANAGER, username="lina", area="62", office="DISDIK")) == []


def test_a_kabupatens_point_of_the_office_decides_no_change(scene, signed_in):
    assert CHANGE not in numbers(signed_in(Role.PROGRAMME_MANAGER, username="eka", area="62.06", office="DINSOS"))
