"""What policy officers and developers use beside the service: check, try, and a Bot API server to play on."""
