"""The FastAPI application, error mapping, the live socket, static files and limits at the edge."""
