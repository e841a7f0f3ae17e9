"""The subcommands: one file each, which parses its options and calls the function that notebooks call."""
