"""Pages of the orgs app, by screen."""
