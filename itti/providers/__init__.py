"""Sign-ins elsewhere: a provider (OpenID Connect, or OAuth 2 with a page about the person) says who somebody is."""
