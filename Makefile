# Both `make render` and `make test` first set up what they need, once. PYTHON=... names the Python to use.

SETUP = $(or $(PYTHON),python3) tools/setup_environment.py
RUN = .venv/bin/python -m
# What the tests against PyTorch were tried on; the first make test-torch installs it, the next finds it there.
TORCH = torch==2.13.0
MICROGRAD = micrograd==0.1.0
# What the passes are measured beside, besides PyTorch; without it the rest is measured.
FILM = media/videos/network_setup/720p30/NetworkSetup.mp4

.PHONY: help render test test-player test-films test-torch bench lint clean

help:
	@echo "make render       render the first lesson to $(FILM)"
	@echo "make test         run every check: ruff, mypy, pytest"
	@echo "make test-player  install Chromium and try the player page in it"
	@echo "make test-films   run every lesson in every case: networks, notations, languages, themes"
	@echo "make test-torch   install PyTorch and compare with it"
	@echo "make bench        measure the speed beside PyTorch and micrograd, against its targets"
	@echo "make bench-render measure backprop render beside plain Manim; with LESSONS=--all all of the first film"
	@echo "make lint         run ruff and mypy only"
	@echo "make clean        remove what was rendered, and the caches; the environment .venv stays"

render:
	@$(SETUP) render
	@$(RUN) manim render -qm -v WARNING scenes/network_setup.py NetworkSetup
	@echo "The film is in $(CURDIR)/$(FILM)"

lint:
	@$(SETUP) test
	$(RUN) ruff check .
	$(RUN) mypy

test: lint
	$(RUN) pytest -n 2 --dist worksteal

test-player:
	@$(SETUP) player
	$(RUN) pytest -n 2 --dist worksteal tests/player

test-films:
	@$(SETUP) test
	ALL_CASES=1 $(RUN) pytest -n 2 --dist worksteal tests/scenes/test_lessons.py

test-torch:
	@$(SETUP) test
	@$(RUN) pip install --quiet --disable-pip-version-check -c requirements.lock $(TORCH) $(MICROGRAD)
	$(RUN) pytest -n 2 --dist worksteal tests/torch tests/benchmarks

bench:
	@$(SETUP) test
	-@$(RUN) pip install --quiet --disable-pip-version-check -c requirements.lock $(TORCH) $(MICROGRAD)
	@$(RUN) tests.benchmarks

bench-render:
	@$(SETUP) test
	@$(RUN) tests.rendering.benchmark $(LESSONS)

clean:
	find media -mindepth 1 -maxdepth 1 ! -name readme -exec rm -rf {} + 2>/dev/null || true
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist *.egg-info
	find bpmath scenes tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
