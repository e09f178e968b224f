"""The page of a kelurahan."""

from optimizer.ui import kelurahan

kelurahan.show()
