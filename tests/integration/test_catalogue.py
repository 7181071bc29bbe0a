"""The catalogue is changed by versions: proposed by one officer of the owning office, approved by another."""

from __future__ import annotations

from datetime import date

import pytest
from card_house import CardHouse
from invented import invent_families
from moment import NOW
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from registry.audit import Actor
from registry.db import Database, new_id
from registry.errors import Conflict, RegistryError
from registry.families.enrolling import enrol_families
from registry.kinds import PointKind, VersionState
from registry.models import AuditLine, Officer, Pillar, Programme, ProgrammeVersion, ServicePoint
from registry.officers.points import CENTRE
from registry.programmes.catalogue import amount_on, load_programmes
from registry.programmes.pillars import programmes_by_pillar, rename_pillar
from registry.programmes.versions import definition_of, may_change, reject_version, versions_of
from verify.catalogue import approve_change, load_catalogue, propose_change
from verify.trying import try_rule

VILLAGE, FAR_VILLAGE = "62.06.05.2003", "62.02.17.2015"
DESIL_4 = {"code": "desil", "expression": "desil <= 4", "words": "batas desil 4"}


class Office:
    """A database with families in two kabupaten, and officers of two offices."""

    def __init__(self, database: Database) -> None:
        self.house = CardHouse(database, NOW)
        self.database = database
        with database.writing() as session:
            for village in (VILLAGE, FAR_VILLAGE):
                enrol_families(
                    session.connection(),
                    list(invent_families(village, 20)),
                    vault=self.house.keys.vault,
                    source="DTSEN",
                    as_of=date(2026, 1, 15),
                    at=NOW,
                )
            self.siti, self.joko = (self._officer(session, "DINSOS", name) for name in ("siti", "joko"))
            self.rina = self._officer(session, "DISDIK", "rina")
            self.pusat = self._officer(session, None, "pusat")

    def _officer(self, session, office: str | None, username: str) -> Actor:
        code = office or CENTRE
        point = session.scalar(select(ServicePoint).where(ServicePoint.code == code))
        if point is None:
            point = ServicePoint(
                id=new_id(), code=code, name=code, kind=PointKind.OFFICE, area_code="62", office_code=office
            )
            session.add(point)
        officer = Officer(
            id=new_id(),
            username=username,
            name=username.title(),
            number=f"P-{username}",
            password_hash="x",
            point_id=point.id,
            created_at=NOW,
        )
        session.add(officer)
        session.flush()
        return Actor(officer.id, point.id)

    def rest(self, actor: Actor) -> dict:
        return {"actor": actor, "keys": self.house.keys, "at": NOW}


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def session(office: Office):
    with office.database.open_session(writes=True) as session:
        yield session


def pangan(session) -> Programme:
    return session.get_one(Programme, "PANGAN")


def propose(session, house, actor=None, /, *, reason="Surat Kadis 12/2026", **changes) -> ProgrammeVersion:
    content = {**definition_of(session, pangan(session)), **changes}
    return propose_change(session, pangan(session), content, reason=reason, **house.rest(actor or house.siti))


def test_a_change_holds_when_a_second_person_has_approved_it(office, session):
    version = propose(session, office, clause=[DESIL_4], quota=2)
    assert (pangan(session).version, pangan(session).quota) == (1, 1)
    changed = approve_change(session, version, **office.rest(office.joko))
    assert (changed.version, changed.quota, changed.clauses) == (2, 2, [DESIL_4])
    lines = versions_of(session, changed)
    assert [(line.version.number, line.proposed_by, line.decided_by) for line in lines] == [
        (2, "Siti", "Joko"),
        (1, "", ""),
    ]
    actions = session.scalars(select(AuditLine.action).order_by(AuditLine.id)).all()
    assert actions[-2:] == ["programme.proposed", "programme.approved"]


def test_nobody_approves_what_they_proposed_themselves(office, session):
    version = propose(session, office, quota=2)
    with pytest.raises(Conflict, match="second_person_needed"):
        approve_change(session, version, **office.rest(office.siti))
    version.decided_by_id = version.proposed_by_id
    with pytest.raises(IntegrityError, match=r"second_person"):
        session.flush()


def test_another_office_neither_proposes_nor_decides_and_the_centre_does_both(office, session):
    with pytest.raises(Conflict, match="programme_of_other_office"):
        propose(session, office, office.rina, quota=2)
    version = propose(session, office, office.pusat, quota=2)
    with pytest.raises(Conflict, match="programme_of_other_office"):
        approve_change(session, version, **office.rest(office.rina))
    assert may_change(session, pangan(session), office.joko)
    assert not may_change(session, pangan(session), office.rina)
    assert approve_change(session, version, **office.rest(office.joko)).quota == 2


def test_a_point_of_the_office_in_a_kabupaten_changes_nothing_that_holds_in_the_province(office, session):
    session.scalars(select(ServicePoint).where(ServicePoint.code == "DINSOS")).one().area_code = "62.06"
    session.flush()
    assert not may_change(session, pangan(session), office.siti)
    with pytest.raises(Conflict, match="programme_of_other_office"):
        propose(session, office, quota=2)
    assert may_change(session, pangan(session), office.pusat)


def test_one_change_waits_at_a_time_and_a_rejected_one_makes_room(office, session):
    version = propose(session, office, quota=2)
    with pytest.raises(Conflict, match="version_waiting"):
        propose(session, office, quota=3)
    reject_version(session, version, **office.rest(office.joko))
    assert pangan(session).quota == 1
    with pytest.raises(Conflict, match="version_decided"):
        approve_change(session, version, **office.rest(office.joko))
    assert propose(session, office, quota=3).number == 3


def test_what_a_version_defines_is_never_changed_and_no_version_is_deleted(office, session):
    propose(session, office, quota=2)
    of_pangan = ProgrammeVersion.programme_code == "PANGAN"
    refused = [
        update(ProgrammeVersion).where(of_pangan, ProgrammeVersion.number == 1).values(state=VersionState.REJECTED),
        update(ProgrammeVersion).where(of_pangan, ProgrammeVersion.number == 2).values(content={"name": "Lain"}),
        delete(ProgrammeVersion).where(of_pangan),
    ]
    for statement in refused:
        with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
            session.execute(statement)


def test_two_that_wait_cannot_stand_in_the_database(office, session):
    first = propose(session, office, quota=2)
    session.add(
        ProgrammeVersion(
            programme_code="PANGAN", number=9, content={}, reason="-", state=VersionState.PROPOSED, proposed_at=NOW
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()
    assert first.number == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"clause": [{**DESIL_4, "expression": "desil <="}]}, "clause_malformed"),
        ({"clause": [{**DESIL_4, "expression": "desl <= 2"}]}, "clause_names_unknown"),
        ({"clause": [{**DESIL_4, "expression": "usia > 17"}]}, "clause_names_unknown"),
        ({"clause": [{**DESIL_4, "expression": "desil"}]}, "clause_not_a_condition"),
        ({"clause": [{**DESIL_4, "expression": "1 < 2"}]}, "clause_asks_nothing"),
        ({"clause": [{**DESIL_4, "expression": "desil > 2 && desil < 3"}]}, "rule_selects_nobody"),
        ({"clause": [DESIL_4, DESIL_4]}, "programme_list_malformed"),
        ({"office": "DINAS"}, "office_of_programme_unknown"),
        ({"pillar": "TINGGI"}, "pillar_unknown"),
        ({"excludes": ["PKH"]}, "excluded_unknown"),
        ({"excludes": ["PANGAN"]}, "excluded_unknown"),
        ({"budget": "2026.DISDIK.SEKOLAH"}, "budget_unknown"),
        ({"subject": "person"}, "programme_fixed"),
        ({"code": "TUNAI"}, "programme_fixed"),
        ({"quota": -1}, "programme_list_malformed"),
        ({"amount": []}, "amount_needed"),
        ({"reason": " "}, "change_reason_missing"),
        ({"reason": "atas permintaan 6206051212900001"}, "text_holds_number"),
        ({}, "version_unchanged"),
    ],
)
def test_what_is_not_sound_is_refused_when_saved(office, session, changes, code):
    with pytest.raises(RegistryError, match=f"^{code}$"):
        propose(session, office, **changes)
    assert len(versions_of(session, pangan(session))) == 1


def test_a_new_amount_begins_later_and_what_is_dated_stays(office, session):
    known = definition_of(session, pangan(session))["amount"]
    more = {"valid_from": "2026-07-01", "value": 175_000, "price": 0, "legal_reference": "SK 9/2026"}
    with pytest.raises(Conflict, match="amount_not_later"):
        propose(session, office, amount=[*known, {**more, "valid_from": "2025-07-01"}])
    with pytest.raises(Conflict, match="dated_entry_differs"):
        propose(session, office, amount=[{**known[0], "value": 1}])
    version = propose(session, office, amount=[*known, more])
    approve_change(session, version, **office.rest(office.joko))
    assert amount_on(session, "PANGAN", date(2026, 6, 30)).value == 150_000
    assert amount_on(session, "PANGAN", date(2026, 7, 1)).value == 175_000


def test_withdrawing_goes_through_a_version_too(office, session):
    version = propose(session, office, is_withdrawn=True)
    assert not pangan(session).is_withdrawn
    assert approve_change(session, version, **office.rest(office.joko)).is_withdrawn


def test_what_an_office_changed_the_list_does_not_change_back(office, session):
    approve_change(session, propose(session, office, quota=2), **office.rest(office.joko))
    load_programmes(session, at=NOW)
    assert pangan(session).quota == 2
    reject_version(session, propose(session, office, quota=3), **office.rest(office.joko))
    load_programmes(session, at=NOW)
    assert pangan(session).quota == 2


LISTED = """
[[card_rule]]
valid_from = 2026-01-01
validity_years = 5
legal_reference = "Juknis KHBS 2026 (nomor SK diisi Dinas Sosial)"

[[programme]]
code = "BARU"
name = "Program baru"
pillar = "SEHAT"
office = "DINKES"
package = "-"
carrying = "visited"
subject = "person"
unit = "kunjungan"
period = "none"
places = ["puskesmas"]

[[programme.clause]]
code = "usia"
expression = "{}"
words = "usia"
"""


def test_a_file_whose_rule_does_not_parse_is_not_loaded(office, database):
    listed = LISTED.replace("2026-01-01", "2027-01-01")
    with pytest.raises(RegistryError, match="clause_names_unknown"), database.writing() as session:
        load_catalogue(session, listed.format("umur > 60"), at=NOW)
    with database.reading() as session:
        assert session.get(Programme, "BARU") is None
    with database.writing() as session:
        load_catalogue(session, listed.format("usia > 60"), at=NOW)
    with database.reading() as session:
        assert session.get(Programme, "BARU").clauses[0]["expression"] == "usia > 60"


def test_a_pillar_bears_the_name_that_the_office_gives_it(office, session):
    pillar = session.get_one(Pillar, "SEHAT")
    rename_pillar(session, pillar, name=" Betang Sehat ", **office.rest(office.pusat))
    names = {pillar.name: [one.code for one in programmes] for pillar, programmes in programmes_by_pillar(session)}
    assert names["Betang Sehat"] == ["AMBULANS", "BEROBAT", "BUMIL"]
    assert sum(len(codes) for codes in names.values()) == len(session.scalars(select(Programme)).all())
    with pytest.raises(RegistryError, match="pillar_name_malformed"):
        rename_pillar(session, pillar, name=" ", **office.rest(office.pusat))


def test_trying_tells_who_enters_and_who_leaves_by_kabupaten(office, session):
    """Of twenty families nine are within desil 2 without PKH; of the rest two are within desil 4."""
    trial = try_rule(session, pangan(session), [DESIL_4], area="62", at=NOW)
    assert [(one.name, one.before, one.now, one.enters, one.leaves) for one in trial.regencies] == [
        ("Kabupaten Kotawaringin Timur", 9, 12, 3, 0),
        ("Kabupaten Katingan", 9, 12, 3, 0),
    ]
    assert (trial.total.enters, len(trial.entering), trial.leaving) == (6, 3, ())
    stricter = {"code": "desil", "expression": "desil <= 1 && jumlah_anggota >= 3", "words": "batas desil 1"}
    trial = try_rule(session, pangan(session), [stricter], area="62.06", at=NOW)
    assert [(one.before, one.now, one.enters, one.leaves) for one in trial.regencies] == [(9, 5, 1, 5)]
    assert len(trial.leaving) == 5


def test_trying_a_rule_for_people_counts_people(office, session):
    sekolah = session.get_one(Programme, "SEKOLAH")
    older = [{"code": "usia", "expression": "usia >= 14 && usia <= 30", "words": "usia 14 sampai 30 tahun"}]
    trial = try_rule(session, sekolah, older, area="62", at=NOW)
    assert trial.total.before > 0
    assert trial.total.leaves == 0
    assert trial.total.now == trial.total.before + trial.total.enters
