"""Articles in files: CSV, XLSX, JSON Lines and Markdown folders, all with the same columns."""
