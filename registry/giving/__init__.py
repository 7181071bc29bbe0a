"""What was given, taken back and refused, and the one writer through which it is stored."""
