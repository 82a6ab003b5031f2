"""How many people are needed, when, and what a customer's wait would be: theory, forecast, plan and simulation."""
