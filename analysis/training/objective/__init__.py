"""What a training asks of the code beside a good picture: sparse, contractive, variational."""
