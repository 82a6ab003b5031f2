"""What a customer's words name: sums, dates, times, digits, a yes, a wish to go back, one of the choices shown."""
