"""The manager's page of a quarter."""
