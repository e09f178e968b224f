"""The page of data."""

from optimizer.ui.data import show

show()
