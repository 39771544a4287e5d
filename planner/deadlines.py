"""Reading a Vietnamese deadline phrase: what kind it is, which day is the last, and when to ask instead of answering."""
