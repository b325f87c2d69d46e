"""Tools for developing and trying the suite on one machine; nothing in production imports them."""
