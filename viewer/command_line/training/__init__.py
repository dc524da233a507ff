"""What `fieldglass train` is made of beside its options: its machine, its files, its tables."""
