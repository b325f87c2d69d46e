"""The rotation of the weekly service day: which team goes to which compound, by need and by turn (F45, F46, F48)."""
