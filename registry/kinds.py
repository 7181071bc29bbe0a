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
    HEALTH_WORKER = "health_worker"
    SCHOOL_CLERK = "school_clerk"
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
    READ_BACK = "read_back"
    HANDED_OVER = "handed_over"
    BLOCKED = "blocked"
    REPLACED = "replaced"


class CardMedium(StrEnum):
    """What a card is made of; one of paper is good for 30 days, until the plastic one is there."""

    PLASTIC = "plastic"
    PAPER = "paper"


class BlockReason(StrEnum):
    """Why a card is blocked or replaced."""

    LOST = "lost"
    DAMAGED = "damaged"
    HEAD_CHANGED = "head_changed"
    FAMILY_ENDED = "family_ended"
    MISUSED = "misused"
    PROVISIONAL = "provisional"
    """It was of paper, and the plastic one has come."""


class SheetCode(StrEnum):
    """How cards lie on what is printed; printing/sheets.py has the sizes."""

    CARD = "cr80"
    PRESS = "press"
    A4_LONG_EDGE = "a4_long_edge"
    A4_SHORT_EDGE = "a4_short_edge"
    A4_FOLD = "a4_fold"
    A6_SLIP = "a6_slip"


class BatchChoice(StrEnum):
    """By what the cards of a batch were chosen."""

    VILLAGE = "village"
    LIST = "list"
    ROUND = "round"
    REASON = "reason"
    CARDS = "cards"


class PrintReason(StrEnum):
    """Why cards that wait for the printer are printed before others."""

    SPOILT = "spoilt"
    """Their last copy was spoilt."""
    REPLACEMENT = "replacement"
    """They replace a lost, damaged or provisional card: the family has none meanwhile."""
    REVIEWED = "reviewed"
    """They were put aside when their batch was drawn, and have been looked at."""
    OVERDUE = "overdue"
    """They have waited for two weeks."""


class BatchState(StrEnum):
    """How far a batch of cards has come."""

    DRAWING = "drawing"
    REFUSED = "refused"
    """A code or a picture was not what the database says: nothing of the batch may be printed."""
    READY = "ready"
    SETTLED = "settled"
    """The fate of every copy is known."""
    CANCELLED = "cancelled"


class CopyFate(StrEnum):
    """What became of one copy of a card. A card has at most one copy that waits, is sent, unknown or printed."""

    WAITING = "waiting"
    SENT = "sent"
    UNKNOWN = "unknown"
    """Sent, and nobody can say whether it came out: an officer is asked."""
    PRINTED = "printed"
    SPOILT = "spoilt"
    MISSING = "missing"
    REVIEW = "review"
    """Not drawn: a text does not fit, or its photo is broken."""
    CANCELLED = "cancelled"


class JobState(StrEnum):
    """How far a print job has come; ``intended`` is written before the first byte is sent."""

    INTENDED = "intended"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class Transport(StrEnum):
    """How a printer is spoken to."""

    IPP = "ipp"
    CUPS = "cups"


class SupplyKind(StrEnum):
    """What is kept in numbered boxes and used up by printing."""

    BLANK = "blank"
    RIBBON = "ribbon"


class SupplyMoveKind(StrEnum):
    """What happened to blanks or ribbon of a box."""

    RECEIVED = "received"
    ISSUED = "issued"
    GIVEN_BACK = "given_back"
    USED = "used"
    SPOILT = "spoilt"
    RETURNED = "returned"
    TRANSFERRED = "transferred"
    CORRECTED = "corrected"


class Subject(StrEnum):
    """Whose right a programme's right is: the family's, or one person's."""

    FAMILY = "family"
    PERSON = "person"


class Unit(StrEnum):
    """What a programme gives or records one of."""

    PACKAGE = "paket"
    RUPIAH = "rupiah"
    VISIT = "kunjungan"
    REGISTRATION = "pendaftaran"
    POLICY = "polis"
    GOODS = "unit_barang"
    STATUS = "status"


class PeriodKind(StrEnum):
    """What an entitlement of a programme is counted by; every period but the last three is opened as a round."""

    ROUND = "round"
    EVENT = "event"
    SCHOOL_YEAR = "school_year"
    SEMESTER = "semester"
    YEAR = "year"
    SEASON = "season"
    ONCE = "once"
    PREGNANCY = "pregnancy"
    NONE = "none"


class Carrying(StrEnum):
    """How a programme runs here."""

    GIVEN = "given"
    """A right on a list, given once: package, paid-mark, registration, policy, goods."""
    SPENT = "spent"
    """A balance in rupiah on a list, spent in parts."""
    VISITED = "visited"
    """No list and no limit but its own: what was done is recorded."""
    INFORMATION = "information"
    """Not carried by a card; it stands in the catalogue so that a question can be answered."""


class Proof(StrEnum):
    """What the officer must see before giving."""

    ID_CARD = "ktp"
    FAMILY_NUMBER = "kk"
    FACE = "face"
    PIN = "pin"


class VersionState(StrEnum):
    """Whether a change of a programme's definition holds."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


class RoundState(StrEnum):
    """Whether a round gives: not before its list is determined, and not after it is closed."""

    PREPARING = "preparing"
    OPEN = "open"
    CLOSED = "closed"


class Basis(StrEnum):
    """On what a right stands: the list of the state, a decree of the office, or its discretion."""

    DTSEN = "dtsen"
    OFFICE_DECREE = "sk_opd"
    DISCRETION = "diskresi"


class StockKind(StrEnum):
    """What changed the stock of a service point, other than giving."""

    DELIVERED = "delivered"
    DAMAGED = "damaged"
    RETURNED = "returned"
    COUNTED = "counted"


class ListOfNames(StrEnum):
    """Which list of people by name is taken away as a file."""

    BY_ADDRESS = "by_address"  # BNBA
    UNCOLLECTED = "uncollected"
    PUPILS = "pupils"


class NextStep(StrEnum):
    """What is to be done about a right that nobody has collected."""

    AWAIT = "await"
    INVITE = "invite"
    REMIND = "remind"
    GIVE_CARD = "give_card"
    NAME_HEAD = "name_head"
    REMOVE_FROM_LIST = "remove_from_list"
    RETURN_PACKAGE = "return_package"
    REPORT = "report"
    """The round is over, and there is nothing to bring back: money is paid, or something recorded."""


class VisitKind(StrEnum):
    """What was recorded for a person without a list."""

    TREATMENT = "treatment"
    PREGNANCY = "pregnancy"
    AMBULANCE = "ambulance"
    ATTENDANCE = "attendance"


class CoverAsk(StrEnum):
    """What Dinas Sosial is asked for a person without health cover."""

    REACTIVATE = "reactivate"
    ENROL = "enrol"


class FamilyEventKind(StrEnum):
    """What happened to a family."""

    DEATH = "death"
    BIRTH = "birth"
    MOVE_OUT = "move_out"
    MOVE_IN = "move_in"
    SPLIT = "split"
    MERGE = "merge"
    NEW_HEAD = "new_head"
    NUMBER_CHANGED = "number_changed"


class EventState(StrEnum):
    """Whether a family event was approved by a second person, and so carried out."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


class ComplaintKind(StrEnum):
    """What a complaint is about."""

    NOT_LISTED = "not_listed"
    WRONG_DATA = "wrong_data"
    EXTORTION = "extortion"
    DOUBLE = "double"
    LOST_CARD = "lost_card"
    SUPPLIES = "supplies"
    OTHER = "other"


class ComplaintState(StrEnum):
    """How far a complaint has come."""

    OPEN = "open"
    REFERRED = "referred"
    ANSWERED = "answered"
    CLOSED = "closed"


class Referral(StrEnum):
    """To whom a complaint is referred: the steps by which a family comes onto DTSEN, or an office."""

    RT = "rt"
    VILLAGE = "desa"
    VILLAGE_MEETING = "musdes"
    DTSEN = "dtsen"
    OFFICE = "office"


class Outcome(StrEnum):
    """The answer to a scan: granted, refused (each with reasons), or not a card of ours."""

    GRANTED = "granted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
