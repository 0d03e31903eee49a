"""The pages of the server, and what is answered at their addresses in other formats."""
