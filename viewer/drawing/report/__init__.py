"""The report of a network: one HTML file with its figure, its facts and what the review remarks."""
