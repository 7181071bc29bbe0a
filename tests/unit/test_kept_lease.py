"""A lease is kept while its worker works, and known to be lost when another has taken over."""

from __future__ import annotations

import threading
from collections.abc import Callable

from kiosk.work.kept_lease import KeptLease

LONG = 600.0
"""Seconds after which a test that waits for something gives up."""


def renewing(*told: bool | Exception) -> tuple[Callable[[], bool], threading.Event]:
    """Return a renewal that gives these answers in turn, and what is set once it gave the last."""
    answers, done = list(told), threading.Event()

    def renew() -> bool:
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if len(answers) == 1:
            done.set()
        if isinstance(answer, Exception):
            raise answer
        return answer

    return renew, done


def test_a_lease_is_renewed_again_and_again_and_holds():
    renew, done = renewing(True, True, True)
    with KeptLease(renew, every=0.001) as lease:
        assert done.wait(LONG)
        assert lease.holds


def test_a_renewal_that_fails_is_tried_again():
    renew, done = renewing(OSError("away"), True)
    with KeptLease(renew, every=0.001) as lease:
        assert done.wait(LONG)
        assert lease.holds


def test_a_lease_that_another_has_taken_is_lost_and_not_asked_for_again():
    asked: list[int] = []
    lease = KeptLease(lambda: bool(asked.append(1)), every=0.001)
    with lease:
        lease._thread.join(LONG)
    assert (lease.holds, asked) == (False, [1])
