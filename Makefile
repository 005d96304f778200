.PHONY: leaflet notices guide regions abuse fuzz growth help build demo test lint generate bench torture nodes bench-peers

help: ## what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

build: ## the program, as ./pendopo
	go build -trimpath -o pendopo ./cmd/pendopo

demo: ## make and serve the demo on http://localhost:8080
	go run ./cmd/pendopo demo

test: ## everything; installs what it needs, ends with `N passed, N failed`
	@bash test/run

lint: ## gofmt and go vet
	@test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	go vet ./...

leaflet: ## the library of the map that moves, as its makers publish it
	set -e; d=$$(mktemp -d); cd $$d && npm pack --silent leaflet@1.9.4 >/dev/null && tar xzf leaflet-1.9.4.tgz && cd - >/dev/null; \
	grep -v sourceMappingURL $$d/package/dist/leaflet.js > web/static/leaflet.js; tr -d '\r' < $$d/package/dist/leaflet.css > feature/complaint/leaflet.css; \
	cp $$d/package/LICENSE feature/complaint/LICENSE-LEAFLET; rm -r $$d

generate: ## the Go code of pages and components from their templates
	go tool -modfile=tools.mod templ generate

bench: ## figures, as ratios to limits measured in the same run
	@if [ -d bench ]; then go run ./bench; else echo "there is no bench in this tree"; exit 1; fi

torture: ## kill server and database a thousand times each under load, and look for every acknowledged effect
	go run ./test/torture
	go run ./test/torture/power

nodes: ## three nodes with a replica and a proxy: killed, replaced, failed over under load
	@bash test/nodes/run

bench-peers: ## the same beside PocketBase, Strapi, Temporal and DBOS; installs them the first time
	go run ./bench/peers -write

growth: ## an instance with a past of CASES cases (10000) in the folder DATA (growth-data)
	go run ./bench/growth -cases $(or $(CASES),10000) -data $(or $(DATA),growth-data)

abuse: ## what strangers do, in masses: silent connections, bombs, guesses; each bounded in memory and time
	PENDOPO_ABUSE=long go test -count=1 -v -timeout=60m ./test/abuse

notices: ## ten thousand notices through a real SMTP server and a real SMS gateway, with faults and kills
	PENDOPO_NOTICES=$(or $(N),10000) go test -count=1 -v -timeout=60m ./test/notices

fuzz: ## every fuzz target of the tree for FOR (1m) each
	go run ./test/fuzz -for $(or $(FOR),1m)

regions: ## the nation's list of places anew, from three releases of the package idn-area-data
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && for v in 2.2.1 3.1.2 4.0.1; do \
	  mkdir "$$dir/$$v" && (cd "$$dir" && tar xzf "$$(npm pack --silent idn-area-data@$$v)" -C "$$v") || exit 1; done && \
	go run ./test/regions -now "$$dir/4.0.1/package/data" -before "$$dir/2.2.1/package/data,$$dir/3.1.2/package/data"

guide: ## the pictures of the guides in docs/panduan anew, taken while the browser stories run
	@GUIDE="$(CURDIR)/docs/panduan/gambar" bash test/run browser
