"""Officers and service points, how officers sign in, and at which browsers."""
