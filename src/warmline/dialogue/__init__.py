"""The assistant's next move: understand, decide (pure), respond."""
