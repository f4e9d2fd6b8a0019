"""The book as a whole: back up, check, forget a person, the sample book."""
