"""The outside world and the conversation: one folder per channel."""
