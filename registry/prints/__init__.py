"""Cards on paper and plastic: copies and their fates, batches of them, printers and what these were sent."""
