"""The page of downloads."""

from optimizer.ui import unduh

unduh.show()
