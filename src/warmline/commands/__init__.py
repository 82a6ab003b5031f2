"""One module per group of commands: thin edges over bootstrap."""
