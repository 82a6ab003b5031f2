"""The bank's systems: OpenAPI operations and MCP tools, declared in a file, called so that nothing is done twice."""
