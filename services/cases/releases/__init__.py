"""Photos that were released to everybody: who may, which may be, and what everybody is shown of them."""
