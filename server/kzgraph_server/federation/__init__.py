"""SERVICE: federated queries.

https://www.w3.org/TR/sparql11-federated-query/

The store would call any address, without limits, so it never sees SERVICE. The server finds each
call in the query's tree (`service_calls`), queries the endpoint itself if the operator has listed
it (`allow_list`, `fetch`), and replaces the call by its solutions as inline data: both are
evaluated on their own and joined with the rest.
"""
