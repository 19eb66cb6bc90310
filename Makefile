# The front door of Taihu. Each target is one script in tools/; `make help` lists them.

PREFIX ?= /usr/local
DESTDIR ?=
# make bench: which part (empty: all), and the folder of .txt documents to read
PART ?=
CORPUS ?= samples
# make fuzz: how long each target runs, which one (empty: all), how many at a time
SECONDS ?= 60
TARGET ?=
JOBS ?= 1
# make run: anything checks that the board answers, and ends; the port of 127.0.0.1 to serve on
ONCE ?=
PORT ?= 8080
# make test: the steps to run (empty: all)
STEPS ?=

.PHONY: build run test bench fuzz install clean format help

build: ## builds build/taihu (the default)
	@tools/deps build
	@tools/build build taihu

run: build ## holds Wuxi's plan of 2021 against the report of 2022 and serves the board; ONCE=1 checks it and ends
	@ONCE="$(ONCE)" PORT="$(PORT)" tools/run

test: ## runs all checks and tests; STEPS="unit layers" runs some
	@tools/test $(STEPS)

bench: build ## prints speeds beside others' in the same run; PART=board runs one; CORPUS=folder of .txt
	@tools/bench "$(PART)" "$(CORPUS)"

fuzz: ## fuzzes each reader for SECONDS=60; TARGET=name runs one, JOBS=2 two at a time
	@tools/fuzz "$(SECONDS)" "$(JOBS)" $(TARGET)

install: build ## installs below PREFIX=/usr/local, under DESTDIR where one is given
	@DESTDIR="$(DESTDIR)" cmake --install build --prefix "$(PREFIX)"

format: ## lays out the C sources as .clang-format says
	@tools/sources | xargs -0 -r clang-format -i

clean: ## removes what was built, and what npm installed
	@rm -rf build build-clang build-asan build-tsan build-fuzz
	@rm -rf tests/browser/node_modules tests/server/node_modules bench/recognizers/node_modules

help: ## lists the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10
