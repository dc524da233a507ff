"""What the panels of one unit and of all layers share: rows of numbers and their wording."""
