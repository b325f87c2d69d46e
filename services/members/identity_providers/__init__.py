"""Identity providers: other houses that vouch for people who sign in, by OpenID Connect (decision record 0043)."""
