"""Pages of the councils, one file a screen."""
