"""Rules about what the layers cost, and about layers that do nothing or spoil one another."""
