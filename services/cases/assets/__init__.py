"""The register of fixed assets (部件): where each stands, who owns it, and the cases that were about it."""
