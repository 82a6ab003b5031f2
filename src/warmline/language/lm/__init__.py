"""A language model as a helper that is never alone: masked going out, checked coming in, bounded throughout."""
