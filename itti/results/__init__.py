"""Results of many factories as they may leave the programme office: figures of groups, as a file for analysts."""
