"""SERVICE: parts of a query that another endpoint answers.

https://www.w3.org/TR/sparql11-federated-query/

The store would call any address, and nothing in it can be restrained, so it never sees SERVICE. The
server finds each call in the text (`calls`), asks the endpoint itself if the operator has listed it
(`addresses`, `fetch`), and puts the solutions in its place as inline data (`rewriting`): a call is
evaluated on its own and joined with the rest, and so is inline data.
"""
