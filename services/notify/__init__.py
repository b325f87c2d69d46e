"""Who is told what, how, and what partner systems have subscribed to."""
