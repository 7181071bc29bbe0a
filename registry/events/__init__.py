"""What happens to families at the counter: stated with evidence, proposed by one officer, carried out by a second."""
