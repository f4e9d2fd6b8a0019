"""The rotation radar, the back-test and the lag of detection."""
