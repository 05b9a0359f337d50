"""How a recording is proved: bytes, hashes and signatures, pure; it knows no volunteer."""
