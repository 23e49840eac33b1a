"""What jobs are and what they cost: imagery, the real models, the scenes they run on."""
