"""What mails of the moderation say, decided when they are sent."""
