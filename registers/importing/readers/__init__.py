"""One module per kind of file. Each returns an `EditionAsPrinted` or raises `UnreadableFile`."""
