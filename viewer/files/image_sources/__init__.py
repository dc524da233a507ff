"""Where the network's image can come from, one file a source; `table` holds the rows."""
