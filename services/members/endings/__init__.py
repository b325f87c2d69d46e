"""What ends access tokens before their time, told to the gateways at once."""
