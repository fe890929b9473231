# Everything that is done with this repository is one of these words; `make` alone lists them.

SHELL       := /bin/sh
GO          ?= go
RELEASE     := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# The same for the program and for its tests, so that nothing is compiled twice. gocloud.dev's monitoring, which nobody asks for, needs no gRPC.
export GOFLAGS := $(strip -trimpath -tags=disable_grpc_modules $(GOFLAGS))
# make check vets all of it.
GOTEST      := $(GO) test -vet=off
# Packages tested at the same time, tests of one that wait at the same time, and how many minutes one package may take.
TEST_PARALLEL ?= 2
TEST_WAITING  ?= 5
TEST_MINUTES  ?= 25
# How long the last round of make torture may begin after the first.
TORTURE_SECONDS ?= 180

# What speaks to Kafka or its registry.
KAFKA_PACKAGES ?= ./schemas ./connectors ./internal/embedded/embeddedtest ./internal/table ./internal/view ./internal/provision \
                  ./internal/runner ./internal/landing ./internal/gateway ./cmd/waybill/landingtest
KAFKA_MINUTES  ?= 15
KAFKA_STANDS   ?= 3
SEEDS          ?= 1000
# The ERP that make run places orders in: tryton is a real one, slower than what is simulated otherwise; none: the sandbox's.
ERP            ?=
SIMULATED      ?= $(if $(ERP),1,5)
ERP_MINUTES    ?= 15

.DEFAULT_GOAL := help
.PHONY: help run build test test-kafka test-secure test-erp check bench simulate torture clean fetch

help: ## List these words
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Start everything on http://127.0.0.1:8080 and feed it five orders a second; Ctrl-C stops it (ERP=tryton: with a real ERP)
	$(if $(ERP),deploy/with-erp --placing) bin/waybill up --data data --simulate $(SIMULATED)

build: fetch ## Leave the program in bin/waybill
	$(GO) build -ldflags "-X main.release=$(RELEASE)" -o bin/waybill ./cmd/waybill

test: fetch ## Run every test that needs no outside server
	$(GOTEST) -p $(TEST_PARALLEL) -parallel $(TEST_WAITING) -timeout $(TEST_MINUTES)m ./...

test-kafka: fetch ## Run every test that speaks to Kafka on a real Apache Kafka and a real schema registry (Java 17, Maven)
	deploy/with-kafka --stands $(KAFKA_STANDS) $(GOTEST) -count=1 -p $(KAFKA_STANDS) -parallel $(KAFKA_STANDS) -timeout $(KAFKA_MINUTES)m $(KAFKA_PACKAGES)

test-secure: fetch ## Run the roles with their least rights, TLS and SASL on a real cluster of its own
	WAYBILL_TEST_SECURE=1 $(GOTEST) -count=1 -timeout $(KAFKA_MINUTES)m -run TestOnARealCluster ./cmd/waybill

test-erp: fetch ## Run every test that speaks to the ERP on a real Tryton 6.0 (Debian 12; root installs its packages by apt-get)
	deploy/erp/erp prepare
	deploy/with-erp $(GOTEST) -count=1 -timeout $(ERP_MINUTES)m ./connectors/erps/tryton & \
		deploy/with-erp $(GOTEST) -count=1 -timeout $(ERP_MINUTES)m -run InTryton ./cmd/waybill && wait $$!

check: ## Look at the code: format, vet, staticcheck, and the rules of internal/tidy
	@unformatted=$$($(GO) tool gofumpt -l .) && \
	if [ -n "$$unformatted" ]; then printf 'not formatted, run "go tool gofumpt -w" on:\n%s\n' "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(GO) test -count=1 ./internal/tidy/...

bench: build ## Measure this machine: normalize, track, the doors, the landing, the ways from door to row and from label to channel; more processes; a million parcels on their way; calls at a party; orders an hour (with Tryton too, where it is prepared)
	bin/waybill bench
	bin/waybill bench shipments
	bin/waybill bench processes
	$(GO) test ./internal/labels -run xxx -bench Get -benchtime 5000x
	WAYBILL_LIVE_PARCELS=1000000 $(GO) test ./cmd/waybill -run xxx -bench LiveParcels -benchtime 1x -timeout 60m
	$(GO) test ./cmd/waybill -run xxx -bench 'OrdersAnHour$$' -benchtime 1x
	-deploy/with-erp $(GO) test ./cmd/waybill -run xxx -bench OrdersAnHourInTryton -benchtime 1x -timeout 20m
	WAYBILL_LEDGER_ROWS=1000000 $(GO) test ./internal/gateway -run xxx -bench . -benchtime 1x

simulate: ## Play SEEDS seeds of the calls at a party in a time of their own, in as many processes as there are processors
	$(GOTEST) -c -o bin/gateway.test ./internal/gateway
	cd internal/gateway && seq 0 7 | GOGC=400 xargs -P "$$(nproc)" -I{} sh -c \
		'WAYBILL_SEED=$$(({} * $(SEEDS) / 8)) WAYBILL_SEEDS=$$(($(SEEDS) / 8)) ../../bin/gateway.test -test.run TestEveryEffect -test.timeout 4h'

torture: build ## Break three processes on a real cluster for TORTURE_SECONDS (SEED=… repeats a run), and prove that nothing was lost
	$(GO) run ./cmd/torture --seconds $(TORTURE_SECONDS) $(if $(SEED),--seed $(SEED))

fetch: ## Get the embedded ClickHouse engine (550 MB, once a version)
	@build/libchdb/fetch

clean: ## Remove what was built and the data of `make run`
	rm -rf bin data
