"""The plan: what will be trained, as data, before anything is."""
