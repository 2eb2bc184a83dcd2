"""The description of the API as a contract: what was released keeps holding, and a release has the right number."""
