#!/bin/sh
# Install the Debian packages that a step needs, where apt may; else print the one exact command and stop.
#
#   setup/system-packages.sh run     what the kiosk needs: WeasyPrint's libraries, OpenSSL, venv
#   setup/system-packages.sh test    the same, a real Chromium for the browser tests, a second eye on PDFs,
#                                    and as root also CUPS with a printer to try
set -eu

missing=""
need() { # need PACKAGE CHECK…: the package is missing when the check fails
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}
library() { ldconfig -p 2>/dev/null | grep -q "$1" || /sbin/ldconfig -p | grep -q "$1"; }

# WeasyPrint 70 loads these at run time (doc.courtbouillon.org/weasyprint, "First steps")
need libpango-1.0-0 library libpango-1.0.so.0
need libpangoft2-1.0-0 library libpangoft2-1.0.so.0
need libharfbuzz-subset0 library libharfbuzz-subset.so.0
need fontconfig-config test -f /etc/fonts/fonts.conf
need openssl command -v openssl
need python3-venv "${PYTHON:-python3}" -c "import ensurepip, venv"
if [ "${1:-run}" = test ]; then
    need chromium test -x /usr/bin/chromium
    need poppler-utils command -v pdftoppm
    if [ "$(id -u)" = 0 ]; then # a real CUPS and a printer of its making, on loopback; a test says when they are missing
        need cups test -x /usr/sbin/cupsd
        need cups-client test -x /usr/sbin/lpadmin
        need cups-ipp-utils test -x /usr/sbin/ippeveprinter
        need cups-filters test -d /usr/share/cups/mime
        need avahi-daemon test -x /usr/sbin/avahi-daemon
        need dbus test -x /usr/bin/dbus-daemon
    fi
fi

[ -z "$missing" ] && exit 0

install="apt-get install -y --no-install-recommends$missing"
if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then
        as_root=""
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root="sudo"
    else
        as_root="no"
    fi
    if [ "$as_root" != no ]; then
        echo "Installing:$missing"
        export DEBIAN_FRONTEND=noninteractive
        $as_root apt-get update -qq
        # shellcheck disable=SC2086 # the words are meant to split
        exec $as_root $install
    fi
fi
echo "These system packages are missing:$missing" >&2
echo "Install them with this one command, then run make again:" >&2
echo "  sudo $install" >&2
exit 1
