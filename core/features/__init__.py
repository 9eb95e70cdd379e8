"""The kernel as its own first customer: what it registers through the hooks that addons use."""
