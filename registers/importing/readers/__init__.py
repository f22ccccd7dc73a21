"""One module per kind of file. Each gives a `Document`, or raises `UnreadableFile`."""
