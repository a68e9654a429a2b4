"""In: a PDF. Out: its pages as one text with offsets, tables as rows, running heads left out; see `reading`."""
