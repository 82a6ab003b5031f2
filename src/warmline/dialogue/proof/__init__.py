"""The proof that nobody is ever trapped: every state that the real decision function can reach is visited."""
