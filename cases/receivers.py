"""What changes below mean here: scope columns follow the grid."""
