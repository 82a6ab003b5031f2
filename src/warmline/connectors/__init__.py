"""The bank's systems: OpenAPI operations and MCP tools, called by name."""
