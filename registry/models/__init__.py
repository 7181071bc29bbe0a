"""The whole schema, one file by noun. What a row *is* stands in the first sentence of its class."""

from registry.models.audit import AuditHead, AuditLine
from registry.models.cards import Card, CardEvent, CardRule, Photo, TrustedKey
from registry.models.care import Pregnancy, Visit, VisitUndo
from registry.models.complaints import Complaint, ComplaintStep
from registry.models.families import Family, FamilyFacts, FamilyNumber, Person, PersonFacts, Revision
from registry.models.family_events import FamilyEvent
from registry.models.importing import FamilyList, HeldFamily, ListedFamily, ListFinding
from registry.models.officers import Device, Officer, OfficerRole, OfficerSession, ServicePoint, SignInAttempt
from registry.models.offices import BudgetLine, Office
from registry.models.prints import Calibration, DesignChoice, PrintBatch, PrintChunk, PrintCopy, Printer, PrintJob
from registry.models.programmes import Pillar, Programme, ProgrammeAmount, ProgrammeVersion
from registry.models.redemptions import Attempt, Hub, Proxy, Redemption, RedemptionPhoto, RedemptionUndo
from registry.models.regions import Region
from registry.models.rounds import (
    Addendum,
    Balance,
    Determination,
    Entitlement,
    EntitlementRemoval,
    QueueTicket,
    Roster,
    RosterVillage,
    Round,
    ServingSession,
)
from registry.models.schooling import Enrolment
from registry.models.stock import Minutes, Stock, StockEntry
from registry.models.supplies import SupplyBox, SupplyCount, SupplyHolding, SupplyMove

__all__ = [
    "Addendum",
    "Attempt",
    "AuditHead",
    "AuditLine",
    "Balance",
    "BudgetLine",
    "Calibration",
    "Card",
    "CardEvent",
    "CardRule",
    "Complaint",
    "ComplaintStep",
    "DesignChoice",
    "Determination",
    "Device",
    "Enrolment",
    "Entitlement",
    "EntitlementRemoval",
    "Family",
    "FamilyEvent",
    "FamilyFacts",
    "FamilyList",
    "FamilyNumber",
    "HeldFamily",
    "Hub",
    "ListFinding",
    "ListedFamily",
    "Minutes",
    "Office",
    "Officer",
    "OfficerRole",
    "OfficerSession",
    "Person",
    "PersonFacts",
    "Photo",
    "Pillar",
    "Pregnancy",
    "PrintBatch",
    "PrintChunk",
    "PrintCopy",
    "PrintJob",
    "Printer",
    "Programme",
    "ProgrammeAmount",
    "ProgrammeVersion",
    "Proxy",
    "QueueTicket",
    "Redemption",
    "RedemptionPhoto",
    "RedemptionUndo",
    "Region",
    "Revision",
    "Roster",
    "RosterVillage",
    "Round",
    "ServicePoint",
    "ServingSession",
    "SignInAttempt",
    "Stock",
    "StockEntry",
    "SupplyBox",
    "SupplyCount",
    "SupplyHolding",
    "SupplyMove",
    "TrustedKey",
    "Visit",
    "VisitUndo",
]
