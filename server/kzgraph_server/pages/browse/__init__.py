"""`/browse/`: classes, named graphs, concept schemes and official tables, as lists."""
