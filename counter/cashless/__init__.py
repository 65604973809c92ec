"""Money that comes without cash: VietQR texts, payment codes, intents, and what the bank says about them."""
