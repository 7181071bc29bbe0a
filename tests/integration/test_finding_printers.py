"""Printers that announce themselves are found, shown and added; and whoever announces nonsense does no harm."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from secrets import token_hex

import pytest
from announced_printers import IPPS, announced, announcement, listened
from printer_scene import MEDIA
from software_printer import SoftwarePrinter, switched_on
from zeroconf import Zeroconf

from kiosk.commands.printers import printers as commands
from printing.printers.finding import FoundPrinter, find_announced
from printing.printers.looking import look_at_printer
from registry.kinds import Role

RUN = token_hex(3)
"""In every name, so that printers of the machine's own network, or of another test, are told apart."""
MULTICAST = ("224.0.0.251", 5353)
NOISE = (
    b"",
    b"\0" * 11,
    b"\0\0\x84\0\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\0\0\x84\0\0\0\0\1\0\0\0\0" + b"\xc0\x0c" + b"\0\x0c\0\1\0\0\0\x78\0\2\xc0\x0c",  # a name that points at itself
    b"\0\0\x84\0\0\0\0\1\0\0\0\0" + b"\x04_ipp\x04_tcp\x05local\0\0\x0c\0\1\0\0\0\x78\0\5\x04\xff\xfe\xfd\xfc",
)
"""What is no message, a name without an end, a name that is no text."""


@pytest.fixture(scope="module")
def printer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoftwarePrinter]:
    with switched_on(tmp_path_factory.mktemp("printer")) as printer:
        yield printer


def port_of(printer: SoftwarePrinter) -> int:
    return int((printer.folder / "port").read_text())


def shout(until: threading.Event) -> None:
    """Send noise to everybody who listens for announcements."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as mouth:
        mouth.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        while not until.wait(0.02):
            for noise in NOISE:
                mouth.sendto(noise, MULTICAST)


def has_all(heard: Sequence[FoundPrinter]) -> bool:
    """Tell whether all came through that are to be found, each as it is to be found."""
    wanted = {("Kartu", "ipp"), ("Dua", "ipp"), ("Aman", "ipps"), ("Antrean", "ipp"), ("Berlagak", "ipp")}
    return wanted <= {(one.name.removesuffix(f" {RUN}"), one.uri.partition(":")[0]) for one in heard}


@pytest.fixture(scope="module")
def found(printer: SoftwarePrinter) -> Mapping[str, list[FoundPrinter]]:
    """What is found of everything that is announced at once, by name."""
    port = port_of(printer)
    services = [
        announcement(f"Kartu {RUN}", port=port, ty="Huma Betang CR80", note="Loket 1, Kasongan"),
        announcement(f"Dua {RUN}", port=port),
        announcement(f"Dua {RUN}", port=port, kind=IPPS),
        announcement(f"Aman {RUN}", port=port, kind=IPPS),
        announcement(f"Antrean {RUN}", port=631, rp="printers/Kartu"),
        announcement(f"Jauh {RUN}", port=631, address="8.8.8.8"),
        announcement(f"Tanpa alamat {RUN}", port=632, address=None),
        announcement(f"Tanpa porta {RUN}", port=0),
        announcement(f"Berspasi {RUN}", port=port, rp="ipp/print dua"),
        announcement(f"Bertanya {RUN}", port=port, rp="ipp/print?x=1"),
        announcement(f"Bukan huruf {RUN}", port=port, rp=b"\xff\xfe"),
        announcement(f"Panjang {RUN}", port=port, rp="x" * 250),
        announcement(f"Berlagak {RUN}", port=port, ty="Huma\u202e 08RC\x07", note="x" * 200),
    ]
    silenced = threading.Event()
    with announced(*services):
        noise = threading.Thread(target=shout, args=[silenced])
        noise.start()
        heard = listened(find_announced, has_all)
        silenced.set()
        noise.join()
    by_name: dict[str, list[FoundPrinter]] = {}
    for one in heard:
        by_name.setdefault(one.name.removesuffix(f" {RUN}"), []).append(one)
    return by_name


def test_a_printer_is_found_with_its_address_its_model_and_where_it_stands(found, printer):
    assert found["Kartu"] == [
        FoundPrinter(printer.uri, f"Kartu {RUN}", "Huma Betang CR80", "Loket 1, Kasongan", is_queue=False)
    ]
    assert look_at_printer(found["Kartu"][0].uri).model == "Huma Betang CR80"


def test_one_that_announces_itself_plainly_and_with_tls_is_given_once_with_the_plain_address(found):
    assert [one.uri.partition(":")[0] for one in found["Dua"]] == ["ipp"]
    assert [one.uri.partition(":")[0] for one in found["Aman"]] == ["ipps"]


def test_a_queue_that_a_cups_server_shares_is_known_as_one(found):
    assert [one.is_queue for one in found["Antrean"]] == [True]


def test_an_announcement_leads_to_no_address_outside_the_network(found):
    assert "Jauh" not in found


@pytest.mark.parametrize("name", ["Tanpa alamat", "Tanpa porta", "Berspasi", "Bertanya", "Bukan huruf", "Panjang"])
def test_an_announcement_without_an_address_that_could_be_typed_is_left_out(found, name):
    assert name not in found


def test_what_is_announced_is_shown_without_marks_that_turn_a_line_around_and_not_for_ever(found):
    assert [(one.model, one.place) for one in found["Berlagak"]] == [("Huma 08RC", "x" * 80)]


def test_printers_are_also_found_where_another_keeps_the_port_to_itself(monkeypatch, printer):
    def taken(*, unicast: bool = False, **how) -> Zeroconf:
        if not unicast:
            raise OSError(errno.EADDRINUSE, "in use")
        return Zeroconf(unicast=True, **how)

    monkeypatch.setattr("printing.printers.finding.Zeroconf", taken)
    with announced(announcement(f"Lain {RUN}", port=port_of(printer))):
        name = f"Lain {RUN}"
        assert name in {one.name for one in listened(find_announced, lambda heard: name in {one.name for one in heard})}


def test_without_a_network_nothing_is_found(monkeypatch):
    def unreachable(**_how) -> Zeroconf:
        raise OSError(errno.ENETUNREACH, "unreachable")

    monkeypatch.setattr("printing.printers.finding.Zeroconf", unreachable)
    assert find_announced() == []


def test_a_printer_is_found_on_the_network_chosen_and_added_and_then_said_to_be_there(scene, printer):
    manager = scene.sign_in(Role.SUPERVISOR)
    with announced(announcement(f"Kartu loket {RUN}", port=port_of(printer), note="Loket 1")):

        def listen() -> str:
            return manager.post("/printer/kelola/jaringan").text

        page = listened(listen, lambda page: f"Kartu loket {RUN}" in page)
        assert f"Kartu loket {RUN}" in page
        assert "Loket 1" in page
        assert "sudah ditambahkan" not in page
        assert f'value="{printer.uri}"' in page
        chosen = manager.post("/printer/kelola/periksa", {"uri": printer.uri, "transport": "ipp"}).text
        assert f'value="{printer.uri}"' in chosen
        settings = {
            "code": "KARTU-1",
            "name": "Loket 1",
            "uri": printer.uri,
            "transport": "ipp",
            "sheet": "cr80",
            "media": MEDIA,
            "sides": "one-sided",
            "dots": "300",
        }
        assert manager.post("/printer/kelola/tambah", settings).status_code == 303
        said = "sudah ditambahkan: KARTU-1"
        assert said in listened(listen, lambda page: said in page)


def test_when_nothing_is_found_the_page_says_what_to_do(scene, monkeypatch):
    monkeypatch.setattr("kiosk.views.printers.find_announced", list)
    page = scene.sign_in(Role.SUPERVISOR).post("/printer/kelola/jaringan").text
    assert "Tidak ada printer yang terdengar" in page
    assert "Nyalakan printernya" in page


def test_the_command_finds_printers_on_the_network(app, printer):
    with announced(announcement(f"Kantor {RUN}", port=port_of(printer), ty="Huma Betang CR80", note="Ruang 2")):
        line = f"{printer.uri}\tKantor {RUN}\tHuma Betang CR80\tRuang 2\tlangsung (IPP)"
        run = app.test_cli_runner()
        assert line in listened(lambda: run.invoke(commands, ["find"]).output, lambda said: line in said)
