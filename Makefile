# The front door. `make` alone lists what there is; every target installs what it needs (Debian 12, root or sudo).
.POSIX:
.PHONY: help demo test up down bench bench-coding bench-extraction bench-queue chaos simulate fuzz check fmt clean images

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name what; do printf '  make %-11s %s\n' "$$name" "$$what"; done

demo: ## build, run the whole trial through real services and write the combined report into demo-out/
	@tools/setup.sh build
	@tools/build.sh release
	@tools/demo.sh

test: ## build and run every test: unit, Redis, SQL (SQLite and PostgreSQL), end to end
	@tools/setup.sh test
	@tools/test.sh

up: ## start Redis, PostgreSQL and the four services as separate processes on this machine
	@tools/setup.sh up
	@tools/build.sh release
	@tools/up.sh

down: ## stop what `make up` started; the data stay for the next `make up`
	@tools/down.sh

bench: ## build and run the benchmarks
	@tools/setup.sh dev
	@tools/bench.sh

bench-extraction: ## measure how fast questions are found beside NLTK's tokenisers (python3-nltk); see bench/README.md
	@tools/setup.sh dev
	@tools/bench_extraction.sh

bench-queue: ## measure the job queue against BullMQ (npm) on equal Redis servers, about 20 minutes; see bench/README.md
	@tools/setup.sh dev
	@tools/bench_queue.sh

bench-coding: ## 100,000 sessions, 4 million questions, 12 million codes on PostgreSQL; see bench/README.md
	@tools/setup.sh test
	@tools/bench_coding.sh

chaos: ## kill, stop, flush and skew everything the job queue stands on, at full size (about an hour); see docs/reliability.md
	@tools/setup.sh test
	@tools/chaos.sh

simulate: ## 10,000 seeds (SEEDS=... for more) of the job system under every fault there is, in virtual time; ends at one that fails
	@tools/setup.sh test
	@tools/build.sh dev queue_simulation
	@build/dev/bin/queue_simulation --seeds $${SEEDS:-10000}

fuzz: ## every parser of outside input for ten minutes (SECONDS_EACH=... for another time), two at a time
	@tools/setup.sh dev
	@tools/fuzz.sh $${SECONDS_EACH:-600}

check: ## format, layering, contracts, manifests, shell scripts, clang-tidy (TIDY=all for every file); changes nothing
	@tools/setup.sh dev
	@tools/check.sh

fmt: ## format every C++ and proto file in place
	@tools/setup.sh dev
	@tools/fmt.sh

images: ## build the container images from Debian packages into build/images
	@tools/setup.sh image
	@tools/build.sh release
	@deploy/images/build.sh

clean: ## stop what runs and remove everything that was built, with the data of `make up`
	@tools/down.sh --wipe
	@rm -rf build demo-out
