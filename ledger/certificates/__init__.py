"""What an issuer states from confirmed records."""
