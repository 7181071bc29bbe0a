"""What the QR code says: packed, signed, read and believed."""
