"""What the tree's changes mean here: scope columns follow, branches pass to their successor."""
