"""Pictures of a network: blocks, wires, captions, and the diagram as a file."""
