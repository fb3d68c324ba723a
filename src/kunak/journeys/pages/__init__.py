"""The pages of journeys at the desk, and the forms on them."""
