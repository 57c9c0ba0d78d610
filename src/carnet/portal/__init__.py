"""The face for people: pages in a browser. One page, one module and one template of its name."""
