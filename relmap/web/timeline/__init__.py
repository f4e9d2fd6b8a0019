"""Who sat in each post since when."""
