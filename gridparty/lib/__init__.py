"""Pure helpers: no models, no imports from the apps, no settings read."""
