"""Pages of the grids app, one file a screen."""
