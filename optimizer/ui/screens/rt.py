"""The page of one RT."""

from optimizer.ui import rt

rt.show()
