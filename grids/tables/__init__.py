"""Reference tables of the grids, in both directions by Excel."""
