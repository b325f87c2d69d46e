"""What somebody may hear of cases while it happens."""
