"""The panel that shows and edits the selected block, operator or skip."""
