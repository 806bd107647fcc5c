"""Training: a stack of runs in, every epoch's metrics out."""
