"""How fast bpmath is beside others, measured in one run: `make bench`."""
