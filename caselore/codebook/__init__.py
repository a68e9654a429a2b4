"""KNOW: versioned fields and codes, with definitions, cues and examples that researchers edit."""
