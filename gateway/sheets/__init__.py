"""Tables that people print and fill in: what the columns of each are called, and the files that hold them."""
