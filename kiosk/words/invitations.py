"""What stands on every invitation, in words."""

BRING = "Kartu Huma Betang dan KTP asli"
PROXY = "Berhalangan? Anggota KK yang sama boleh mengambil dengan KTP asli; orang lain perlu surat kuasa."
