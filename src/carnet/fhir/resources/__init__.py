"""Resources to and from the types of the use cases."""
