# The two commands of a newcomer are `make demo` and `make test`.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: demo test race lint bench build clean

# Everything is compiled as it is shipped, so that tests, demo and binary share
# one build, and no C compiler is needed.
export CGO_ENABLED := 0
export GOFLAGS := -trimpath

PORT ?= 8080
FRESH ?=
LINT := .cache/bin/golangci-lint-v2.15.0
# Packages whose tests lie apart because they need Node at test time.
NPM := $(wildcard internal/*/package-lock.json)

# Starts everything on this machine: http://127.0.0.1:$(PORT). Ctrl-C stops it,
# starting again goes on with the same data, FRESH=1 starts over.
demo:
	@.ci/need postgresql
	@go build -o bin/demo ./cmd/demo
	@exec bin/demo -port=$(PORT) $(if $(filter 1 yes true,$(FRESH)),-fresh)

# Everything that is checked by running it. Nothing is skipped. The browser and
# the races come last and alone: they want the machine's cores for themselves.
test:
	@.ci/need postgresql chromium fonts pdftotext clamd $(if $(NPM),node)
	@for lock in $(NPM); do \
	  (cd $$(dirname $$lock) && npm ci --silent --no-audit --no-fund --ignore-scripts) || exit 1; done
	@set -o pipefail; ( \
	  go test -json -count=1 -timeout=20m $$(go list ./... | grep -vE '/(browsertest|racetest)$$'); code=$$?; \
	  go test -json -count=1 -timeout=20m ./internal/browsertest; code=$$((code | $$?)); \
	  go test -json -count=1 -timeout=40m ./internal/racetest -rounds $(ROUNDS); exit $$((code | $$?)) \
	) | go run ./internal/tools/testsum

# How often a withdrawal is raced with reads, and with disclosures.
ROUNDS ?= 500

# The races alone, a withdrawal against reads and disclosures on two replicas
# and on builds broken on purpose; ROUNDS=10000 is the release form.
race:
	@.ci/need postgresql
	go test -count=1 -timeout=0 -v ./internal/racetest -rounds $(ROUNDS)

lint: $(LINT)
	@unformatted=$$(gofmt -l cmd internal migrations web deploy); \
	  if [ -n "$$unformatted" ]; then echo "gofmt: $$unformatted"; exit 1; fi
	go mod tidy -diff
	go vet ./...
	$(LINT) run

# A module of its own version, not of go.mod: its two hundred dependencies
# must not choose the versions of the product's.
$(LINT):
	GOBIN=$(CURDIR)/.cache/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
	mv .cache/bin/golangci-lint $@

# Each figure beside its floor, on the machine at hand.
bench:
	@.ci/need postgresql
	go test -run '^$$' -bench . -benchtime 1s ./internal/policy
	go test -run '^$$' -bench . -benchtime 1x -timeout 30m ./internal/racetest ./internal/live ./internal/jobs

# The binary that deploy/Dockerfile ships: static, with time zones and CA roots.
build:
	go build -ldflags='-s -w' -o bin/sigportal ./cmd/sigportal

clean:
	rm -rf bin .cache
