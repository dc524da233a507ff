"""What the review is told and what it shows: kept with the view, or only while one looks."""
