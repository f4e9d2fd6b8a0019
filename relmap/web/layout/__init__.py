"""What all pages share: the frame, the language, navigation, days, names, what a request asks."""
