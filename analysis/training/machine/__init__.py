"""How the steps of a training are computed: device, number format, compiler, processes."""
