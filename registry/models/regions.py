"""Regions by Kemendagri code."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base, choice
from registry.kinds import RegionLevel


class Region(Base):
    """A row is one province, kabupaten/kota, kecamatan, or desa/kelurahan under its Kemendagri code."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(13), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)
    level: Mapped[RegionLevel] = mapped_column(choice(RegionLevel, "level"))
    name: Mapped[str] = mapped_column(String(80))
