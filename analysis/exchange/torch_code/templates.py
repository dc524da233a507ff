"""The parts of a written file that are the same for every network."""

TYPES = {
    "F64": "float64",
    "F32": "float32",
    "F16": "float16",
    "BF16": "bfloat16",
    "I64": "int64",
    "I32": "int32",
    "I16": "int16",
    "I8": "int8",
    "U8": "uint8",
    "BOOL": "bool",
    "C64": "complex64",
}
"""torch's type for each that safetensors names."""

_ROWS = "\n".join(f'    "{key}": torch.{name},' for key, name in TYPES.items())
READER = f'''
TYPES = {{
{_ROWS}
}}


def read_weights(path):
    """The tensors of a safetensors file by name."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    weights = {{}}
    for name, entry in json.loads(data[8:start]).items():
        if name != "__metadata__":
            first, last = (start + offset for offset in entry["data_offsets"])
            flat = torch.frombuffer(bytearray(data[first:last]), dtype=TYPES[entry["dtype"]])
            weights[name] = flat.reshape(entry["shape"])
    return weights
'''
FIX = '''
def fix(layer, *names):
    """Make parameters of a layer buffers: they are stored and no training changes them."""
    for name in names:
        tensor = getattr(layer, name).detach()
        delattr(layer, name)
        layer.register_buffer(name, tensor)
'''
BUILD = '''
def build() -> nn.Module:
    """The network with PyTorch's own initial weights, ready to run."""
    return @CLASS@().eval()
'''
BUILD_WITH_WEIGHTS = '''
def build() -> nn.Module:
    """The network with the weights in the file beside this one, ready to run."""
    model = @CLASS@()
    weights = read_weights(Path(__file__).with_suffix(".safetensors"))
    model.load_state_dict({**model.state_dict(), **weights})
    return model.eval()
'''
MAIN = """
if __name__ == "__main__":
    print(tuple(build()(@EXAMPLE@).shape))
"""
MAIN_OF_SEVERAL = """
if __name__ == "__main__":
    for name, tensor in build()(@EXAMPLE@).items():
        print(name, tuple(tensor.shape))
"""
