"""Registers in: a file is brought, looked through and applied. For the risk manager."""
