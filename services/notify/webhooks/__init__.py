"""Webhooks as Standard Webhooks has them: what is signed, where a post may go, and what an answer means."""
