"""What families complain of (*pengaduan*), and the cases that the kiosk opens by itself."""
