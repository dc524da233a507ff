"""The workspace Learn: lessons that are done in the real workspaces, and the glossary."""
