"""RDF in and out: the quads of a data set, its formats, and one writer for each syntax."""
