"""Pages that people look at: the frame of all pages, log-in at a browser, the start page and the search."""
