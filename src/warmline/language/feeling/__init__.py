"""What a customer's words show of their feeling, its urgency and what they need regard for. Pure."""
