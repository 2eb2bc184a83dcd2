"""Papers on their way: from an approval to the certificate, outside of any request."""
