"""The first page: check the list that everybody has already."""

from optimizer.ui import check

check.show()
