"""The plan: everything that will be trained, as data, in advance."""
