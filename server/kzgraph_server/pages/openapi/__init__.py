"""The description of every address of the server in OpenAPI 3.1, as data.

The formats that an address answers in are those of the code that answers; everything else about an
address is written here, and the page `/api` is made from it.

https://spec.openapis.org/oas/v3.1.1.html
"""
