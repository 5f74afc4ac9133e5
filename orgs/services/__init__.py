"""The writes of the orgs app, as verbs: check, do, tell."""
