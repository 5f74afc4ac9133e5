"""Reports with templates: what each knows (`kinds`), its values, and its file."""
