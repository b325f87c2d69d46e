"""The shapes of requests and answers as the specification shows them; what they mean, the services decide."""
