"""The whole schema, one file by noun. What a row *is* stands in the first sentence of its class."""

from registry.models.audit import AuditHead, AuditLine
from registry.models.cards import Card, CardEvent, CardRule, Photo, TrustedKey
from registry.models.families import Family, FamilyFacts, FamilyNumber, Person, PersonFacts, Revision
from registry.models.importing import FamilyList, HeldFamily, ListFinding
from registry.models.officers import Device, Officer, OfficerRole, OfficerSession, ServicePoint, SignInAttempt
from registry.models.programmes import Entitlement, Programme, ProgrammeAmount, Roster, Round
from registry.models.redemptions import Attempt, Hub, Redemption, RedemptionUndo
from registry.models.regions import Region

__all__ = [
    "Attempt",
    "AuditHead",
    "AuditLine",
    "Card",
    "CardEvent",
    "CardRule",
    "Device",
    "Entitlement",
    "Family",
    "FamilyFacts",
    "FamilyList",
    "FamilyNumber",
    "HeldFamily",
    "Hub",
    "ListFinding",
    "Officer",
    "OfficerRole",
    "OfficerSession",
    "Person",
    "PersonFacts",
    "Photo",
    "Programme",
    "ProgrammeAmount",
    "Redemption",
    "RedemptionUndo",
    "Region",
    "Revision",
    "Roster",
    "Round",
    "ServicePoint",
    "SignInAttempt",
    "TrustedKey",
]
