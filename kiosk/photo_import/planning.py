"""Plan an import: whose each file is by its name, then the picture itself, one after the other."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from kiosk.photo_import.plan import Finding, PhotoPlan, picture_path, save_plan, sweep_plans
from printing.errors import PhotoError
from printing.photo import background_hints, take_in
from printing.picture_sources import PictureFile, PictureSource
from registry.cards.photo_names import PhotoName, read_photo_name
from registry.cards.photo_owners import PhotoOwner, find_photo_owners
from registry.cards.photos import current_photos
from registry.db import Database, new_id
from registry.errors import RegistryError
from registry.models import Photo
from registry.regions import is_within

__all__ = ["plan_photos"]


@dataclass(frozen=True)
class _Wanted:
    """A file whose picture is to be looked at, and whose photo it would be."""

    file: PictureFile
    reference: str
    person_id: UUID


def plan_photos(
    database: Database,
    source: PictureSource,
    file_name: str,
    *,
    folder: Path,
    area: str,
    village: str = "",
    replaces: bool = False,
    at: datetime,
    goes_on: Callable[[], bool] = lambda: True,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> PhotoPlan:
    """Look through many pictures and return what will be done with each; nothing of it is in the registry yet.

    Args:
        folder: where plans lie; the small pictures wait there.
        area: the area of those who bring the pictures; families elsewhere are as if they were not.
        village: the region that the pictures are brought for, when they are brought for one.
        replaces: whether a photo that somebody has already gives way.
        goes_on: asked before each picture.
        progress: told after each picture: how many have been looked at, and of how many.

    Raises:
        PhotoError: ``archive_packed_too_well``, ``archive_takes_too_long``.
    """
    sweep_plans(folder, at=at)
    named, refused = _read_names(source)
    with database.reading() as session:
        owners = find_photo_owners(session, set(named.values()), area=area)
        wanted, unwanted = _match(named, owners, village)
        has = current_photos(session, {one.person_id for one in wanted})
    plan_id = new_id()
    place = folder / str(plan_id)
    place.mkdir(mode=0o700, parents=True)
    try:
        found = []
        for count, one in enumerate(wanted, 1):
            if not goes_on():
                raise PhotoError("archive_takes_too_long")
            found.append(_look_at(source, one, has.get(one.person_id), replaces, folder, plan_id))
            progress(count, len(wanted))
        findings = sorted([*refused, *unwanted, *found], key=lambda finding: finding.path)
        plan = PhotoPlan(plan_id, file_name, area, village, replaces, at, tuple(findings))
        save_plan(folder, plan)
    except BaseException:
        shutil.rmtree(place)
        raise
    return plan


def _read_names(source: PictureSource) -> tuple[dict[PictureFile, PhotoName], list[Finding]]:
    named, refused = {}, []
    for file in source.files:
        try:
            file.check()
            named[file] = read_photo_name(file.stem)
        except (PhotoError, RegistryError) as error:
            refused.append(Finding(file.path, error.code))
    return named, refused


def _match(
    named: Mapping[PictureFile, PhotoName], owners: Mapping[PhotoName, PhotoOwner], village: str
) -> tuple[list[_Wanted], list[Finding]]:
    """Tell the files of which each is the only one of a head to be photographed from all others."""
    wanted, unwanted = [], []
    for file, name in named.items():
        owner = owners.get(name)
        if owner is None:
            unwanted.append(Finding(file.path, "photo_owner_unknown"))
        elif village and not is_within(owner.village_code, village):
            unwanted.append(Finding(file.path, "photo_owner_elsewhere", owner.reference))
        else:
            try:
                wanted.append(_Wanted(file, owner.reference, owner.head()))
            except RegistryError as error:
                unwanted.append(Finding(file.path, error.code, owner.reference))
    times = Counter(one.person_id for one in wanted)
    unwanted += [Finding(one.file.path, "photo_twice", one.reference) for one in wanted if times[one.person_id] > 1]
    return [one for one in wanted if times[one.person_id] == 1], unwanted


def _look_at(
    source: PictureSource, one: _Wanted, has: Photo | None, replaces: bool, folder: Path, plan_id: UUID
) -> Finding:
    """Take one picture in, and put it where it waits when it is to be kept."""
    try:
        jpeg = take_in(source.read(one.file))
    except PhotoError as error:
        if error.code.startswith("archive_"):
            raise
        return Finding(one.file.path, error.code, one.reference)
    digest = sha256(jpeg).hexdigest()
    code = "photo_ready" if has is None else "photo_same" if has.sha256 == digest else "photo_has_one"
    if code == "photo_has_one" and replaces:
        code = "photo_replaces"
    hints = tuple(hint.value for hint in background_hints(jpeg))
    finding = Finding(one.file.path, code, one.reference, str(one.person_id), digest, hints)
    if code in ("photo_ready", "photo_replaces"):
        path = picture_path(folder, plan_id, digest)
        path.touch(mode=0o600)
        path.write_bytes(jpeg)
    return finding
