"""The engine room of Fieldglass: graphs, shapes, receptive fields, inference. It knows no Qt."""
