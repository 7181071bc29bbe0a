"""Visits of persons that are recorded without a list: treatment, pregnancy support, ambulance, attendance."""
