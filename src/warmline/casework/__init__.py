"""What outlives a conversation: cases and promises."""
