"""The customer's page: REST calls of a visitor on their own conversations."""
