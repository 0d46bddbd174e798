"""What a person sees: the real app on a real port in a real Chromium."""
