"""What stands on every receipt slip, in words."""

COMPLAINTS = "Pengaduan: kantor desa atau kelurahan, atau Dinas Sosial kabupaten/kota."
