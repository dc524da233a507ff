"""The three forms of `fieldglass field`: one unit, projective, effective."""
