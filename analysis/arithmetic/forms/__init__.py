"""The same case in several forms: taps, matrix, stamps, inserted zeros, backward pass."""
