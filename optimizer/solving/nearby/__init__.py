"""What is near an optimum: one proposal more or less, from lists that are made once."""
