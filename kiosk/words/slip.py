"""Where to complain, as it stands on the slips."""

COMPLAINTS = "Pengaduan: kantor desa atau kelurahan, atau Dinas Sosial kabupaten/kota."
COMPLAINTS_OF_SCHOOLING = "Pengaduan: di tempat ini, di loket, atau di Dinas Pendidikan."
"""On the slip of a school or campus, whose officers take complaints themselves."""
