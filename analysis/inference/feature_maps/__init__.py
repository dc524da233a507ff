"""What is asked about a layer's channels beside the frame: statistics, components, kernels."""
