"""Edits of the document that several workspaces offer, each one undoable step."""
