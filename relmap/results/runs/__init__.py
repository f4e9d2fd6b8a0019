"""What makes results: which accounts are due, forecasts, scores, scans."""
