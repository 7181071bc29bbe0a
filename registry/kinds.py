"""The closed lists of the registry: every state, role and kind that a row can have, by its code.

The codes are English and stored as they stand here; the Indonesian words for them live in ``kiosk/words/``.
"""

from enum import StrEnum


class RegionLevel(StrEnum):
    """The levels of the Kemendagri region code (Kepmendagri 300.2.2-2430/2025)."""

    PROVINCE = "provinsi"
    REGENCY = "kabupaten"
    CITY = "kota"
    DISTRICT = "kecamatan"
    VILLAGE = "desa"
    WARD = "kelurahan"


class Sex(StrEnum):
    """Sex as the Kartu Keluarga states it."""

    MALE = "L"
    FEMALE = "P"


class Relation(StrEnum):
    """Relation to the head of the family (*SHDK*) as the Kartu Keluarga states it."""

    HEAD = "head"
    HUSBAND = "husband"
    WIFE = "wife"
    CHILD = "child"
    CHILD_IN_LAW = "child_in_law"
    GRANDCHILD = "grandchild"
    PARENT = "parent"
    PARENT_IN_LAW = "parent_in_law"
    RELATIVE = "relative"
    HELPER = "helper"
    OTHER = "other"


class FamilyState(StrEnum):
    """Whether a family is served here."""

    ACTIVE = "active"
    MOVED = "moved"
    DISSOLVED = "dissolved"


class PersonState(StrEnum):
    """Whether a person still belongs to the family."""

    LIVING = "living"
    DEAD = "dead"
    MOVED = "moved"


class JknStatus(StrEnum):
    """Health-insurance status as a list states it; unknown is no value at all."""

    PBI = "PBI"
    PBPU = "PBPU"
    PPU = "PPU"
    BP = "BP"
    NONE = "TIDAK"


class Fate(StrEnum):
    """What an import does with one line of a list."""

    ACCEPT = "accept"
    FIX = "fix"
    WARN = "warn"
    REJECT = "reject"
    HOLD = "hold"


class ListState(StrEnum):
    """How far the import of a family list has come."""

    PLANNED = "planned"
    APPLYING = "applying"
    APPLIED = "applied"


class PointKind(StrEnum):
    """What a service point is."""

    COUNTER = "loket"
    PUSKESMAS = "puskesmas"
    SCHOOL = "sekolah"
    HANDOUT = "titik_bagi"
    BANK = "bank"
    OFFICE = "kantor"


class Role(StrEnum):
    """What an officer is trusted with; kiosk/permissions.py says what each may do."""

    ADMINISTRATOR = "administrator"
    REGISTRAR = "registrar"
    CARD_CLERK = "card_clerk"
    PROGRAMME_MANAGER = "programme_manager"
    DISTRIBUTOR = "distributor"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"


class ShowReason(StrEnum):
    """Why an officer looks at a whole NIK and Nomor KK."""

    COMPARE = "compare"
    CORRECT = "correct"
    CONFLICT = "conflict"
    OVERSEE = "oversee"


class CardState(StrEnum):
    """Where a card is in its life. Only an active card opens anything."""

    ISSUED = "issued"
    PRINTED = "printed"
    ACTIVE = "active"
    BLOCKED = "blocked"
    REPLACED = "replaced"


class CardEventKind(StrEnum):
    """What happened to a card."""

    ISSUED = "issued"
    PRINTED = "printed"
    SPOILT = "spoilt"
    HANDED_OVER = "handed_over"
    BLOCKED = "blocked"
    REPLACED = "replaced"


class BlockReason(StrEnum):
    """Why a card is blocked or replaced."""

    LOST = "lost"
    DAMAGED = "damaged"
    HEAD_CHANGED = "head_changed"
    MISUSED = "misused"


class PeriodKind(StrEnum):
    """What an entitlement of a programme is counted by."""

    ROUND = "round"
    EVENT = "event"


class RoundState(StrEnum):
    """Whether a round gives."""

    OPEN = "open"
    CLOSED = "closed"


class Outcome(StrEnum):
    """The answer to a scan: granted, refused (each with reasons), or not a card of ours."""

    GRANTED = "granted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
