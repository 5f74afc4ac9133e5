"""The demonstration: three real shapes of organisation, filled with invented people and cases."""
