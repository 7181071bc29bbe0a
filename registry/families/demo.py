"""Invented families for a first look at the kiosk, and for its tests; no person among them exists.

Names are mixed at random from common ones of the province. The serials of NIK and Nomor KK begin at 9001: real ones
count up from 0001 within one kecamatan and day and do not come so far.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from registry.audit import Actor
from registry.families.drafts import FamilyDraft, PersonDraft
from registry.families.families import register_family
from registry.identifiers import FamilyNumber, Nik
from registry.keys.keys import KeyRing
from registry.kinds import JknStatus, Relation, Sex
from registry.models import Family

__all__ = ["DEMO_SOURCE", "DEMO_VILLAGES", "invent_families", "load_demo_families"]

DEMO_SOURCE = "Data contoh"
DEMO_VILLAGES = (
    "62.06.05.1009",  # Samba Kahayan, Katingan Tengah
    "62.06.05.2001",  # Tumbang Lahang
    "62.06.05.2002",  # Tewang Panjang
    "62.06.05.2004",  # Telok
    "62.71.01.1001",  # Pahandut, Palangka Raya
    "62.71.01.1002",  # Panarung
)
"""Real villages of two kabupaten, so that the demo shows what an officer may and may not see."""

_MEN = (
    "Agau Andi Ardiansyah Bahara Bayu Citra Darwis Duwel Efendi Ferdinan Gunawan Hamdan Herkulanus Iber Jaya Jimi "
    "Karyadi Kornelius Lewis Mahdi Marsel Nali Oktavianus Panji Rahman Rinto Sabran Salman Teras Tomi Udin Viktor Yusuf"
)
_WOMEN = (
    "Asi Astuti Bunga Dahlia Devi Ernawati Florensia Gita Hartini Indah Jamilah Kristina Lidia Lusiana Magdalena "
    "Maimunah Nisa Novita Orpa Paulina Rahmah Rosalina Rusdiana Sumiati Tini Ulan Veronika Wulan Yanti Yuliati"
)
_SURNAMES = (
    "Abdullah Anom Bangas Budiman Dandan Firdaus Gani Haryanto Itak Jinu Kiting Lamiang Mahar Nugroho Nyahu Pangkey "
    "Rasan Riwut Sandung Silih Suparman Tandang Tiup Tumon Unjung Wibowo Yadi"
)
_STREETS = "Betang Cempaka Enggang Garuda Kahayan Katingan Lamtoro Mandau Rindang Tjilik"
_JOBS = (
    "Petani/Pekebun",
    "Penyadap Karet",
    "Nelayan/Perikanan",
    "Buruh Harian Lepas",
    "Pedagang",
    "Wiraswasta",
    "Mengurus Rumah Tangga",
)
_PUPIL, _AT_HOME = "Pelajar/Mahasiswa", "Belum/Tidak Bekerja"
_FIRST_SERIAL = 9001
_BORN_ELSEWHERE = 0.1
_OTHER_AREAS = ("630101", "350711", "620301", "640201")  # kecamatan where people first got their NIK
# more poor families than in life, for the cards are about them
_DESIL_WEIGHTS = (24, 20, 13, 11, 9, 8, 6, 4, 3, 2)


def invent_families(*, villages: Sequence[str], seed: int, today: date) -> Iterator[FamilyDraft]:
    """Invent families without end, in turn for each village; the same seed gives the same families.

    Of the families in desil 1 and 2 about one in three receives PKH, sembako or BLT Dana Desa.
    """
    inventor = _Inventor(Random(seed), today)  # noqa: S311 (nothing secret is drawn)
    while True:
        for village in villages:
            yield inventor.invent(village)


def load_demo_families(session: Session, *, count: int, actor: Actor, keys: KeyRing, at: datetime) -> int:
    """Register invented families in :data:`DEMO_VILLAGES` when there is no family yet; return how many.

    Their facts hold for the last day of the quarter before ``at``, as those of a real list do.
    """
    if session.scalar(select(exists().select_from(Family))):
        return 0
    today = at.date()
    as_of = date(today.year, (today.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)
    for draft in islice(invent_families(villages=DEMO_VILLAGES, seed=1, today=as_of), count):
        register_family(session, draft, source=DEMO_SOURCE, as_of=as_of, actor=actor, keys=keys, at=at)
    return count


class _Inventor:
    def __init__(self, random: Random, today: date) -> None:
        self._random = random
        self._today = today
        self._serials: dict[str, int] = {}
        self._given_names = {Sex.MALE: _MEN.split(), Sex.FEMALE: _WOMEN.split()}
        self._surnames = _SURNAMES.split()
        self._streets = _STREETS.split()

    def invent(self, village: str) -> FamilyDraft:
        """Return one family of a village: a head, perhaps a spouse, children, and sometimes a parent."""
        random = self._random
        desil = random.choices(range(1, 11), weights=_DESIL_WEIGHTS)[0]
        aid = random.choices(("pkh", "sembako", "blt_dd", ""), weights=(15, 14, 6, 65))[0] if desil <= 3 else ""
        issued = self._date_ago(1, 15)
        return FamilyDraft(
            number=FamilyNumber(self._number(village, f"{issued:%d%m%y}")),
            village_code=village,
            people=tuple(self._people(village)),
            address=f"Jl. {random.choice(self._streets)} No. {random.randint(1, 99)}",
            rt=f"{random.randint(1, 9):03d}",
            rw=f"{random.randint(1, 4):03d}",
            desil=desil,
            receives_pkh=aid == "pkh",
            receives_sembako=aid == "sembako",
            receives_blt_dd=aid == "blt_dd",
        )

    def _people(self, village: str) -> Iterator[PersonDraft]:
        random = self._random
        surname = random.choice(self._surnames)
        sex = Sex.MALE if random.random() < 0.85 else Sex.FEMALE
        yield self._person(village, Relation.HEAD, sex, surname, youngest=24, oldest=70)
        if sex is Sex.MALE and random.random() < 0.85:
            yield self._person(
                village, Relation.WIFE, Sex.FEMALE, random.choice(self._surnames), youngest=21, oldest=60
            )
        for _ in range(random.choices(range(5), weights=(12, 26, 32, 20, 10))[0]):
            yield self._person(
                village, Relation.CHILD, random.choice((Sex.MALE, Sex.FEMALE)), surname, youngest=0, oldest=20
            )
        if random.random() < 0.1:
            sex = random.choice((Sex.MALE, Sex.FEMALE))
            yield self._person(village, Relation.PARENT, sex, surname, youngest=62, oldest=90)

    def _person(
        self, village: str, relation: Relation, sex: Sex, surname: str, *, youngest: int, oldest: int
    ) -> PersonDraft:
        random = self._random
        born = self._date_ago(youngest, oldest)
        age = (self._today - born).days // 365
        is_pupil = 6 <= age <= 18
        day = born.day + (40 if sex is Sex.FEMALE else 0)
        return PersonDraft(
            nik=Nik(self._number(village, f"{day:02d}{born:%m%y}", may_be_elsewhere=True)),
            name=f"{random.choice(self._given_names[sex])} {surname}",
            relation=relation,
            sex=sex,
            birth_date=born,
            occupation=_PUPIL if is_pupil else random.choice(_JOBS) if 18 < age < 70 else _AT_HOME,
            jkn=random.choices((JknStatus.PBI, JknStatus.PBPU, JknStatus.NONE, None), weights=(60, 15, 15, 10))[0],
            nisn=f"{born.year % 1000:03d}{random.randrange(10**7):07d}" if is_pupil else None,
            is_pregnant=relation is Relation.WIFE and age < 42 and random.random() < 0.08,
        )

    def _number(self, village: str, date_part: str, *, may_be_elsewhere: bool = False) -> str:
        area = village.replace(".", "")[:6]
        if may_be_elsewhere and self._random.random() < _BORN_ELSEWHERE:
            area = self._random.choice(_OTHER_AREAS)
        stem = area + date_part
        self._serials[stem] = self._serials.get(stem, _FIRST_SERIAL - 1) + 1
        return f"{stem}{self._serials[stem]:04d}"

    def _date_ago(self, fewest: int, most: int) -> date:
        """Return a day between so many whole years ago."""
        return self._today - timedelta(days=self._random.randint(fewest * 365 + 1, most * 365 + 364))
