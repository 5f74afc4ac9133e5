"""Pages of the residents app, one file a screen."""
