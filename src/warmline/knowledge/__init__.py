"""What the bank knows: articles, their versions and languages, and the search over them."""
