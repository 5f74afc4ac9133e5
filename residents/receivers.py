"""What the tree's changes mean here: the households' scope columns follow."""
