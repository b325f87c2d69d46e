"""Partners: what they subscribe to, and how each event is carried to them."""
