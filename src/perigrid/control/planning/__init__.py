"""What no scheduler can exceed: jobs alone in the network, and scarce things shared by many."""
