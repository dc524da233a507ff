"""The workspace Build: blueprints, the inspector of what is selected, the layers table."""
