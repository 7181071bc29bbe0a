"""Cards: issued, printed, handed over, blocked, replaced; and the photos on them."""
