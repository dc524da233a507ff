"""The encoder of an auto-encoder by itself: codes of pictures, and what they are kept for."""
