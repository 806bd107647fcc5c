"""The writing corridor: from a pipeline to everything on disk that cannot be recomputed."""
