"""The way of a notice out of the inbox: to whom, through which channel, and when again."""
