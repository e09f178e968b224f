"""What the makers of Rembug use and nobody needs to run it."""
