"""Reducers: what is known of some images, merged with what is known of others in any order."""
