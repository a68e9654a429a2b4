"""READ: files become documents, sections, cases and passages, with offsets that never change."""
