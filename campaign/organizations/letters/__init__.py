"""What mails to organizations say."""
