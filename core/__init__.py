"""The kernel of Girih: how things are declared, shown, guarded and changed."""
