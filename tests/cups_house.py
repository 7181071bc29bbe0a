"""A card printer of CUPS's own making (ippeveprinter) and a CUPS server before it, on loopback, with nothing shared.

D-Bus and avahi, which ippeveprinter wants, run on a bus of their own, and avahi announces on loopback only; every
process lives in the test's own folders and ends with the test. A cupsd or avahi-daemon of the machine is left alone:
ours has a /run/avahi-daemon that nobody else sees. Where the system gives no private mounts, it can only start beside
no other, and the tests say so.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

from printing.printers.looking import PrinterState, look_at_printer

NEEDED = ("cupsd", "lpadmin", "ippeveprinter", "avahi-daemon", "dbus-daemon")
_AVAHI_PID = Path("/run/avahi-daemon/pid")
_HIDE = 'mkdir -p /run/avahi-daemon && mount -t tmpfs none /run/avahi-daemon && exec "$0" "$@"'
_PRIVATELY = ("unshare", "--mount", "sh", "-c", _HIDE)
MEDIA = "om_cr80_53.98x85.6mm"

_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={folder}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>
</policy></busconfig>
"""
_AVAHI = """[server]
host-name=kartu-uji
use-ipv6=no
allow-interfaces=lo
[wide-area]
enable-wide-area=no
[publish]
publish-workstation=no
publish-hinfo=no
"""
_COLUMN = (
    "MEMBER collection media-size { MEMBER integer x-dimension 5398 MEMBER integer y-dimension 8560 } "
    "MEMBER integer media-bottom-margin 0 MEMBER integer media-left-margin 0 "
    "MEMBER integer media-right-margin 0 MEMBER integer media-top-margin 0"
)
# no media-col-supported: with it `lpadmin -m everywhere` chooses another size; and without urf-supported it fails
_CARD = f"""ATTR keyword media-supported {MEDIA}
ATTR keyword media-default {MEDIA}
ATTR keyword media-ready {MEDIA}
ATTR collection media-size-supported {{ MEMBER integer x-dimension 5398 MEMBER integer y-dimension 8560 }}
ATTR collection media-col-database {{ {_COLUMN} }}
ATTR collection media-col-default {{ {_COLUMN} }}
ATTR collection media-col-ready {{ {_COLUMN} }}
ATTR integer media-bottom-margin-supported 0
ATTR integer media-left-margin-supported 0
ATTR integer media-right-margin-supported 0
ATTR integer media-top-margin-supported 0
ATTR keyword sides-supported one-sided,two-sided-long-edge,two-sided-short-edge
ATTR keyword sides-default one-sided
ATTR resolution printer-resolution-supported 300dpi
ATTR resolution printer-resolution-default 300dpi
ATTR mimeMediaType document-format-supported application/octet-stream,application/pdf,image/pwg-raster,image/urf
ATTR keyword pwg-raster-document-type-supported srgb_8,sgray_8
ATTR resolution pwg-raster-document-resolution-supported 300dpi
ATTR keyword pwg-raster-document-sheet-back normal
ATTR keyword urf-supported V1.4,CP1,W8,SRGB24,RS300
ATTR boolean color-supported true
"""
# the card comes out also when the job was cancelled meanwhile: it is on its way
_PRINT = """#!/bin/sh
trap '' TERM
trap 'rm -f {folder}/card-on-its-way.$$' EXIT
touch {folder}/card-on-its-way.$$
ctl={folder}/ctl
for fault in media-empty cover-open; do
    if [ -e $ctl/$fault ]; then
        echo "STATE: +$fault-error" >&2
        while [ -e $ctl/$fault ]; do sleep 0.05; done
        echo "STATE: -$fault-error" >&2
    fi
done
if [ -e $ctl/jam ]; then
    grep -q out $ctl/jam && echo "$IPP_JOB_NAME" >> {folder}/out
    rm $ctl/jam
    exit 1
fi
[ -e $ctl/slow ] && sleep "$(cat $ctl/slow)"
echo "$IPP_JOB_NAME $(sha256sum < "$1" | cut -d' ' -f1) $IPP_MEDIA $IPP_SIDES" >> {folder}/out
sync {folder}/out
"""
_CUPS_FILES = """ServerRoot {folder}/cups/root
CacheDir {folder}/cups/cache
StateDir {folder}/cups/state
RequestRoot {folder}/cups/spool
TempDir {folder}/cups/tmp
AccessLog {folder}/cups/access
ErrorLog {folder}/cups/error
PageLog {folder}/cups/page
SystemGroup root
Printcap
"""
_CUPS = """Listen 127.0.0.1:{port}
LogLevel warn
Browsing No
DefaultAuthType None
WebInterface No
ErrorPolicy abort-job
PreserveJobFiles No
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  SubscriptionPrivateAccess all
  SubscriptionPrivateValues none
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
"""


def why_not() -> str:
    """Say why the tests with CUPS cannot run here; nothing when they can."""
    if os.geteuid() != 0:
        return "cupsd and avahi-daemon want root; the software printer of test_spooling stands in for them"
    if missing := [name for name in NEEDED if shutil.which(name) is None]:
        return f"not installed: {' '.join(missing)} (setup/system-packages.sh test installs them as root)"
    if _AVAHI_PID.exists() and not _has_private_mounts():
        return "an avahi-daemon of this machine runs already, and no second one can have a place of its own"
    return ""


class CupsHouse:
    """The whole chain, and its faults: ``ctl/`` as in ipp_printer.py."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._rest = ExitStack()
        self._port, self._cups_port = _free_port(), _free_port()
        self.announced_as = f"Kartu {self._port}"
        """The printer's name on the network, of which no other test has the same."""
        self._cupsd: subprocess.Popen | None = None
        self._printer: subprocess.Popen | None = None
        for name in ("ctl", "spool", "cups/root/ppd", "cups/cache", "cups/state", "cups/spool/tmp", "cups/tmp"):
            (folder / name).mkdir(parents=True)
        for name, text in {
            "bus.conf": _BUS,
            "avahi.conf": _AVAHI,
            "card.conf": _CARD,
            "print.sh": _PRINT,
            "cups/cups-files.conf": _CUPS_FILES,
            "cups/cupsd.conf": _CUPS,
        }.items():
            (folder / name).write_text(text.replace("{folder}", str(folder)).replace("{port}", str(self._cups_port)))
        (folder / "print.sh").chmod(0o755)
        folder.chmod(0o755)  # CUPS's filters run as another user
        (folder / "cups" / "tmp").chmod(0o1777)
        self._environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder}/bus"}

    @property
    def uri(self) -> str:
        """Of the printer itself."""
        return f"ipp://localhost:{self._port}/ipp/print"

    @property
    def queue(self) -> str:
        """Of its queue in CUPS."""
        return f"ipp://127.0.0.1:{self._cups_port}/printers/Kartu"

    @property
    def server(self) -> str:
        return f"ipp://127.0.0.1:{self._cups_port}/"

    def start(self) -> None:
        try:
            self._run("dbus-daemon", f"--config-file={self.folder}/bus.conf", "--nofork", "--nopidfile")
            _until((self.folder / "bus").exists)
            avahi = ("avahi-daemon", "-f", f"{self.folder}/avahi.conf", "--no-drop-root", "--no-chroot", "--no-rlimits")
            process = self._run(*(_PRIVATELY if _has_private_mounts() else ()), *avahi)
            _until(Path(f"/proc/{process.pid}/root{_AVAHI_PID}").exists)
            self.start_printer()
            self.start_cupsd()
            self._add_queue()
            _until(lambda: look_at_printer(self.queue).sides)  # cupsd makes the queue's driver in the background
            self.kill_cupsd()  # it writes its queues down half a minute later, or when it is told to end
            self.start_cupsd()
            _until(lambda: look_at_printer(self.queue).sides)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        self.kill_cupsd()
        self.kill_printer()
        self._rest.close()

    def start_printer(self) -> None:
        self._printer = self._popen(
            "ippeveprinter",
            "-p",
            str(self._port),
            "-a",
            f"{self.folder}/card.conf",
            "-c",
            f"{self.folder}/print.sh",
            "-d",
            f"{self.folder}/spool",
            "-r",
            "_print",
            "-n",
            "localhost",
            self.announced_as,
        )
        _until(lambda: _answers(self._port))

    def kill_printer(self) -> None:
        self._printer = _end(self._printer, hard=True)

    def purge_spool(self) -> None:
        """Do what docs/printers.md has systemd do before cupsd starts after it was killed."""
        spool = self.folder / "cups" / "spool"
        for file in [*spool.glob("[cd]0*"), self.folder / "cups" / "cache" / "job.cache"]:
            file.unlink(missing_ok=True)

    def start_cupsd(self) -> None:
        self._cupsd = self._popen(
            "cupsd", "-f", "-c", f"{self.folder}/cups/cupsd.conf", "-s", f"{self.folder}/cups/cups-files.conf"
        )
        _until(lambda: _answers(self._cups_port))

    def kill_cupsd(self, *, hard: bool = False) -> None:
        self._cupsd = _end(self._cupsd, hard=hard)

    def fault(self, name: str, says: str = "") -> None:
        (self.folder / "ctl" / name).write_text(says)

    def mend(self, name: str) -> None:
        (self.folder / "ctl" / name).unlink(missing_ok=True)

    def await_rest(self) -> None:
        """Wait until no card is on its way, also of a printer that is not there any more."""
        _until(lambda: not list(self.folder.glob("card-on-its-way.*")))
        _until(lambda: look_at_printer(self.uri).state == PrinterState.IDLE)

    def out(self) -> list[list[str]]:
        """Return what came out, in order; by name of the job at the printer, so through CUPS of CUPS's own."""
        log = self.folder / "out"
        return [line.split() for line in log.read_text().splitlines()] if log.exists() else []

    def _add_queue(self) -> None:
        environment = {**self._environment, "CUPS_SERVER": f"127.0.0.1:{self._cups_port}"}
        subprocess.run(
            ["lpadmin", "-p", "Kartu", "-E", "-v", self.uri, "-m", "everywhere"],
            env=environment,
            check=True,
            timeout=300,
            capture_output=True,
        )

    def _run(self, *command: str) -> subprocess.Popen:
        process = self._popen(*command)
        self._rest.callback(_end, process)
        return process

    def _popen(self, *command: str) -> subprocess.Popen:
        with (self.folder / f"{command[0]}.log").open("ab") as log:
            return subprocess.Popen(command, env=self._environment, stdout=log, stderr=log, cwd=self.folder)


def _has_private_mounts() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "--mount", "true"], stderr=subprocess.DEVNULL).returncode == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _until(true, seconds: float = 120.0) -> None:
    ends = time.monotonic() + seconds
    while not true():
        if time.monotonic() > ends:
            raise TimeoutError(true)
        time.sleep(0.02)


def _end(process: subprocess.Popen | None, *, hard: bool = False) -> None:
    if process is None:
        return
    process.kill() if hard else process.terminate()
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
