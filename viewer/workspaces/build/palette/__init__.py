"""The palette of operators and blocks: the left dock of Build, beside the blueprints."""
