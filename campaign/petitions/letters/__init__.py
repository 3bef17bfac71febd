"""What mails to signers say, decided when they are sent."""
