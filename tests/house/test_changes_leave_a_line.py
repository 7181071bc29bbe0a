"""Whatever an officer changes by a page stands in the trail afterwards."""

from __future__ import annotations

from card_scene import CardScene
from kiosk_fixtures import PASSWORD, Browser
from sqlalchemy import func, select

from kiosk.clock import now
from registry.days import local_day
from registry.kinds import PointKind, Role
from registry.models import AuditLine, Officer, ServicePoint

OTHER_PASSWORD = "hujan turun di hulu mahakam"
TWICE = {"password": OTHER_PASSWORD, "again": OTHER_PASSWORD}


class Watched:
    """A browser whose acts must each add to the trail."""

    def __init__(self, scene: CardScene, browser: Browser) -> None:
        self._scene = scene
        self._browser = browser

    def act(self, path: str, form: dict | None = None) -> str:
        """Send a form; return where it leads."""
        before = self._lines()
        answer = self._browser.post(path, form)
        assert answer.status_code == 303, f"{path}: {answer.status_code}"
        assert self._lines() > before, f"{path} changed something and left no line"
        return answer.location

    def _lines(self) -> int:
        with self._scene.state.database.reading() as session:
            return session.scalar(select(func.count()).select_from(AuditLine))


def test_what_an_administrator_changes(scene):
    admin = Watched(scene, scene.sign_in(Role.ADMINISTRATOR, username="admin", area="62"))
    admin.act(
        "/petugas/titik/baru",
        {"name": "Balai", "code": "BAGI", "kind": PointKind.HANDOUT.value, "address": "", "area": "62"},
    )
    new = {"name": "Siti", "username": "siti", "point": "BAGI", "roles": [Role.DISTRIBUTOR.value], **TWICE}
    admin.act("/petugas/baru", new)
    with scene.state.database.reading() as session:
        number = session.scalars(select(Officer.number).where(Officer.username == "siti")).one()
    admin.act(f"/petugas/{number}/kata-sandi", TWICE)
    admin.act(f"/petugas/{number}/nonaktif")
    admin.act(f"/petugas/{number}/aktif")
    admin.act("/akun/kata-sandi", {"current": PASSWORD, **TWICE})
    admin.act("/keluar")


def test_what_a_card_clerk_changes(scene):
    clerk = Watched(scene, scene.sign_in(Role.CARD_CLERK))
    card = clerk.act(f"/keluarga/{scene.add_family()}/kartu")
    clerk.act(f"{card}/tercetak")
    clerk.act(f"{card}/rusak", {"reason": "bergaris", "destroyed_by": "Dewi"})
    clerk.act(f"{card}/tercetak")
    other = clerk.act(f"{card}/ganti", {"why": "damaged", "note": ""})
    clerk.act(f"{other}/blokir", {"why": "lost", "note": ""})


def test_what_a_programme_manager_changes(scene, signed_in):
    scene.add_family()
    admin = scene.sign_in(Role.ADMINISTRATOR, username="admin", area="62")
    area = "62.06.05"
    point = {"name": "Balai", "code": "BAGI", "kind": PointKind.HANDOUT.value, "address": "", "area": "62"}
    assert admin.post("/petugas/titik/baru", point).status_code == 303
    manager = Watched(scene, signed_in(Role.PROGRAMME_MANAGER, username="program"))
    with scene.state.database.reading() as session:
        place = session.scalars(select(ServicePoint.id).where(ServicePoint.code == "BAGI")).one()
    today = local_day(now()).isoformat()
    form = {"programme": "PANGAN", "name": "Tahap I", "opens_on": today, "closes_on": today, "price": ""}
    opened = manager.act("/tahap/buka", form | {"places": f"{place}/{area}.2003"})
    manager.act(f"{opened}/tutup")
