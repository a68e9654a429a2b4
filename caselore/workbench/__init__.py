"""The browser pages where people decide; every write goes through the store's actions."""
