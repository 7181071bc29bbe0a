"""Words for family events: what each kind is called, which documents prove it, and what it means for rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk import words
from kiosk.filters import rupiah
from kiosk.words import changes
from kiosk.words.changes import SaidChange
from registry.events.plans import NEW_FAMILY
from registry.events.rights import OpenRight
from registry.events.succession import CardFate
from registry.families.history import FamilyChange
from registry.kinds import FamilyEventKind
from registry.models import Person


@dataclass(frozen=True)
class SaidKind:
    """How one kind of event is spoken of."""

    slug: str
    """Its place in addresses."""
    title: str
    explanation: str
    """When it is the one to choose."""
    documents: tuple[str, ...]
    """What proves it."""
    rights: str
    """What it means for rights in rounds that are open."""


_STAYS = "Hak keluarga tidak berubah: yang sudah diambil tetap tercatat, yang belum tetap dapat diambil keluarga ini."

KINDS: Mapping[FamilyEventKind, SaidKind] = {
    FamilyEventKind.DEATH: SaidKind(
        "kematian",
        "Kematian",
        "Seorang anggota meninggal. Bila ia kepala keluarga, sebut juga penggantinya.",
        ("Akta kematian", "Surat keterangan kematian"),
        _STAYS + " Hak pribadi orang yang meninggal tidak dapat diambil lagi.",
    ),
    FamilyEventKind.BIRTH: SaidKind(
        "kelahiran",
        "Kelahiran",
        "Seorang anak lahir dan sudah mempunyai NIK.",
        ("Akta kelahiran", "Kartu Keluarga baru"),
        _STAYS,
    ),
    FamilyEventKind.MOVE_OUT: SaidKind(
        "pindah-keluar",
        "Pindah keluar",
        "Seluruh keluarga, atau satu orang, pindah keluar dari wilayah layanan.",
        ("Surat keterangan pindah (SKPWNI)", "Surat keterangan desa"),
        "Yang sudah diambil tetap tercatat. Bila seluruh keluarga pindah, haknya tidak dapat diambil selama tercatat "
        "pindah; bila satu orang, hanya hak pribadinya.",
    ),
    FamilyEventKind.MOVE_IN: SaidKind(
        "pindah-masuk",
        "Pindah masuk",
        "Seorang yang sudah dikenal dengan NIK-nya masuk ke keluarga ini, atau keluarga yang pernah pindah kembali.",
        ("Surat keterangan pindah datang", "Kartu Keluarga baru"),
        "Hak keluarga tetap pada keluarga yang tercantum dalam penetapan. Hak pribadi ikut orangnya.",
    ),
    FamilyEventKind.SPLIT: SaidKind(
        "pecah-kk",
        "Pecah KK",
        "Sebagian anggota membentuk keluarga sendiri dengan Nomor KK baru.",
        ("Kartu Keluarga baru", "Akta perkawinan", "Akta perceraian"),
        "Hak pada tahap yang sudah ditetapkan tetap milik keluarga asal. Keluarga baru tidak mendapat hak lagi pada "
        "tahap itu; ia dinilai sendiri mulai penetapan berikutnya, dengan keterangan terbaru tentang KK asal (desil, "
        "bantuan lain) sampai ada keterangan tentang KK-nya sendiri. Hak pribadi ikut orangnya.",
    ),
    FamilyEventKind.MERGE: SaidKind(
        "gabung-kk",
        "Gabung KK",
        "Seluruh anggota masuk ke keluarga lain, dan Nomor KK ini tidak berlaku lagi.",
        ("Kartu Keluarga baru", "Surat keterangan desa"),
        "Hak keluarga yang digabung berakhir; yang sudah diambil tetap tercatat. Hak itu pindah ke keluarga tujuan "
        "hanya lewat adendum penetapan, bila belum diambil dan keluarga tujuan tidak mempunyai hak yang sama.",
    ),
    FamilyEventKind.NEW_HEAD: SaidKind(
        "kepala-baru",
        "Kepala keluarga baru",
        "Kepala keluarga berganti tanpa ada yang meninggal atau pindah.",
        ("Kartu Keluarga baru",),
        _STAYS,
    ),
    FamilyEventKind.NUMBER_CHANGED: SaidKind(
        "nomor-kk",
        "Nomor KK berganti",
        "Keluarganya tetap sama, hanya Nomor KK-nya yang baru.",
        ("Kartu Keluarga baru",),
        _STAYS,
    ),
}

BY_SLUG: Mapping[str, FamilyEventKind] = {said.slug: kind for kind, said in KINDS.items()}


def say_change(change: FamilyChange) -> SaidChange:
    """Return what an event changes in words; a family that is founded has no reference yet."""
    if change.attribute == "family" and change.after == NEW_FAMILY:
        said = changes.say(change)
        return SaidChange(said.what, said.person, said.before, "keluarga baru")
    return changes.say(change)


FOUNDED_WITHOUT_CARD = (
    "Keluarga baru belum mempunyai kartu. Setelah peristiwa dijalankan, terbitkan kartunya dari halaman keluarga itu."
)
"""What a split means for the card of the family that comes out of it."""


def say_young_head(head: Person) -> str:
    """Return what is to be done where a child becomes head of a family."""
    return (
        f"{head.name} belum 17 tahun dan menjadi kepala keluarga karena tidak ada orang dewasa lagi di keluarganya. "
        "Walinya perlu dicatat oleh Dukcapil: arahkan keluarga ke sana."
    )


def say_card(fate: CardFate) -> str:
    """Return what becomes of a card."""
    card = fate.card.number
    if fate.reason is None:
        return f"Kartu {card} tidak dapat dipakai sampai kepala keluarga baru dicatat; lalu kartu itu diganti."
    if fate.is_replaced:
        return f"Kartu {card} atas nama {fate.card.head_name} diganti: kartu baru terbit atas nama kepala yang baru."
    return f"Kartu {card} diblokir ({words.label(fate.reason)})."


def say_right(right: OpenRight) -> str:
    """Return how far an open right has been taken."""
    whose = right.person or f"keluarga {right.family_reference}"
    if right.is_balance:
        taken = f"sudah dipakai {rupiah(right.given)} dari {rupiah(right.granted)}"
    elif right.granted == 1:
        taken = "sudah diambil" if right.given else "belum diambil"
    else:
        taken = f"sudah diambil {right.given} dari {right.granted}"
    return f"{right.programme}, {right.round}: {taken} ({whose})."
