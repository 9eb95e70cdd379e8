"""The addons that come with Girih; each is a package of its own, found by its manifest."""
