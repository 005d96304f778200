package main

import (
	"database/sql"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"time"

	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	temporallog "go.temporal.io/server/common/log"
	"go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"
	sqliteschema "go.temporal.io/server/schema/sqlite"
	"go.temporal.io/server/temporal"
)

const (
	host      = "127.0.0.1"
	namespace = "peer"
)

// configuration is that of Temporal's own development server, but for the
// database: a file in WAL with a sync at every commit.
func configuration(dir string) (*config.Config, error) {
	services := map[string]config.Service{}
	var frontend string
	for _, name := range temporal.DefaultServices {
		grpc, membership, err := twoPorts()
		if err != nil {
			return nil, err
		}
		if name == "frontend" {
			frontend = net.JoinHostPort(host, strconv.Itoa(grpc))
		}
		services[name] = config.Service{RPC: config.RPC{GRPCPort: grpc, MembershipPort: membership, BindOnLocalHost: true}}
	}
	disabled := "disabled"
	return &config.Config{
		Global: config.Global{Membership: config.Membership{MaxJoinDuration: 30 * time.Second, BroadcastAddress: host}},
		Persistence: config.Persistence{
			DefaultStore: sqlite.PluginName, VisibilityStore: sqlite.PluginName, NumHistoryShards: 1,
			DataStores: map[string]config.DataStore{sqlite.PluginName: {SQL: database(dir)}},
		},
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10, MasterClusterName: "active", CurrentClusterName: "active",
			ClusterInformation: map[string]cluster.ClusterInformation{"active": {Enabled: true, InitialFailoverVersion: 1, RPCAddress: frontend}},
		},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		Services:            services,
		Archival: config.Archival{
			History: config.HistoryArchival{State: disabled}, Visibility: config.VisibilityArchival{State: disabled},
		},
		PublicClient: config.PublicClient{HostPort: frontend},
		NamespaceDefaults: config.NamespaceDefaults{Archival: config.ArchivalNamespaceDefaults{
			History:    config.HistoryArchivalNamespaceDefaults{State: disabled},
			Visibility: config.VisibilityArchivalNamespaceDefaults{State: disabled},
		}},
	}, nil
}

func database(dir string) *config.SQL {
	return &config.SQL{
		PluginName: sqlite.PluginName, DatabaseName: filepath.Join(dir, "temporal.db"),
		ConnectAttributes: map[string]string{
			"mode": "rwc", "setup": "true", "journal_mode": "wal", "synchronous": "full", "busy_timeout": "10000",
		},
	}
}

// twoPorts are ports of the loopback that nobody listens on.
func twoPorts() (one, two int, err error) {
	a, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return 0, 0, err
	}
	defer a.Close()
	b, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return 0, 0, err
	}
	defer b.Close()
	return a.Addr().(*net.TCPAddr).Port, b.Addr().(*net.TCPAddr).Port, nil
}

// prepare makes what the server wants to find.
func prepare(c *config.Config) error {
	ns, err := sqliteschema.NewNamespaceConfig(c.ClusterMetadata.CurrentClusterName, namespace, false, nil)
	if err != nil {
		return err
	}
	db := c.Persistence.DataStores[sqlite.PluginName].SQL
	if err := sqliteschema.CreateNamespaces(db, ns); err != nil {
		return err
	}
	return durable(db)
}

// durable opens the file as the server does and reads back what was set.
func durable(c *config.SQL) error {
	address := "file:" + c.DatabaseName + "?"
	for _, pragma := range []string{"journal_mode", "synchronous"} {
		address += "_pragma=" + pragma + "=" + c.ConnectAttributes[pragma] + "&"
	}
	db, err := sql.Open("sqlite", address)
	if err != nil {
		return err
	}
	defer db.Close()
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2"} {
		var got string
		if err := db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil {
			return err
		}
		if got != want {
			return fmt.Errorf("%s is %s, not %s: an answered write may be lost", pragma, got, want)
		}
	}
	return nil
}

func newServer(c *config.Config) (temporal.Server, error) {
	logger := temporallog.NewZapLogger(temporallog.BuildZapLogger(temporallog.Config{Stdout: true, Level: "error"}))
	return temporal.NewServer(
		temporal.WithConfig(c), temporal.ForServices(temporal.DefaultServices), temporal.WithLogger(logger),
		temporal.WithAuthorizer(authorization.NewNoopAuthorizer()),
		temporal.WithClaimMapper(func(*config.Config) authorization.ClaimMapper { return authorization.NewNoopClaimMapper() }),
	)
}
