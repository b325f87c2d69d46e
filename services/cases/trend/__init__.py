"""The trend of an area: how long cases took and what their reporters said, one quarter against another."""
