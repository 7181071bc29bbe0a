"""A USB scanner: it types what it reads, key by key on a US keyboard, far faster than a person."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page

_SHIFTED = dict(zip("!@#$%^&*()_+:?><", "1234567890-=;/.,", strict=True))
_CODES = {"-": "Minus", "=": "Equal", ";": "Semicolon", "/": "Slash", ".": "Period", ",": "Comma", " ": "Space"}
_GAP_S = 0.002  # a scanner's keys come a few milliseconds apart
_SHIFT = 8

_HOLD = """() => {
    window.goOn?.();
    const real = { setTimeout, clearTimeout };
    const held = new Map();
    let last = 0;
    window.setTimeout = (...asked) => (held.set(--last, asked), last);
    window.clearTimeout = (id) => held.delete(id) || real.clearTimeout.call(window, id);
    window.goOn = () => {
        Object.assign(window, real);
        for (const asked of held.values()) setTimeout(...asked);
    };
}"""
"""Keys that a test sends can be held up for longer than the page takes for the end of a scan; a scanner's can't."""


def scan(
    page: Page, text: str, *, ends_with_enter: bool = True, understood: Callable[[str], str] = lambda text: text
) -> None:
    """Type a text as a scanner does; the times are given along, so that a busy machine does not slow the keys down.

    Args:
        understood: what the computer makes of the keys, sign by sign: another layout, or Caps Lock.
    """
    page.wait_for_load_state("load")  # what listens to the scanner is there by then
    page.evaluate(_HOLD)
    protocol = page.context.new_cdp_session(page)
    at = time.time()
    for sign in text:
        at += _GAP_S
        place = _SHIFTED.get(sign, sign)
        _press(protocol, at, understood(sign), _code(place), shift=sign in _SHIFTED or sign.isupper())
    if ends_with_enter:
        _press(protocol, at + _GAP_S, "\r", "Enter", shift=False)
    else:
        page.evaluate("goOn()")
    protocol.detach()


def _code(place: str) -> str:
    if place.isdigit():
        return f"Digit{place}"
    return f"Key{place.upper()}" if place.isalpha() else _CODES[place]


def _press(protocol, at: float, sign: str, code: str, *, shift: bool) -> None:
    key = {"code": code, "key": "Enter" if code == "Enter" else sign, "modifiers": _SHIFT if shift else 0}
    protocol.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": sign, "timestamp": at, **key})
    protocol.send("Input.dispatchKeyEvent", {"type": "keyUp", "timestamp": at, **key})
