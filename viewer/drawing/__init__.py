"""Pictures that need no screen: what the canvas shows and what the exports write."""
