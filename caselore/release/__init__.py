"""RELEASE: the de-identified folder that is the only way out, and the checks it passes."""
