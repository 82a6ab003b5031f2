"""A browser, a bank to open in it, and what people do on its pages."""
