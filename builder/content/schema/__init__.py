"""The schema of what authors write: types of values, the keys of each kind of file, and their JSON Schema."""
