"""Who takes a conversation and when: presence, the queue, honest waiting, callbacks."""
