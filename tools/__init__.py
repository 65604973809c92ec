"""What helps to make the product and is not shipped with it."""
