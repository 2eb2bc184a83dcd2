"""What every door shares: problem details, entity tags, paging, bearer tokens."""
