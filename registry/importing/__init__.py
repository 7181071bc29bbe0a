"""Import of family lists: read whatever an office sends, repair the obvious, plan, and apply what was planned.

:func:`plan_list` reads and checks a list and writes down its plan; :func:`apply_list` carries it out piece by piece;
families that a person has to look at wait for :func:`decide_held`. A command and a web page call the same functions.
"""

from registry.importing.applying import Applied, apply_list
from registry.importing.findings import Finding, ListRefused, strongest
from registry.importing.holding import HeldChoice, decide_held, get_held, open_rows, owners_of, rehearse_held
from registry.importing.planning import DEFAULT_SOURCE, RECEIVED, discard_list, plan_list, sweep_working_files

__all__ = [
    "DEFAULT_SOURCE",
    "RECEIVED",
    "Applied",
    "Finding",
    "HeldChoice",
    "ListRefused",
    "apply_list",
    "decide_held",
    "discard_list",
    "get_held",
    "open_rows",
    "owners_of",
    "plan_list",
    "rehearse_held",
    "strongest",
    "sweep_working_files",
]
