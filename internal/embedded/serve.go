package embedded

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"waybill/internal/embedded/broker"
	"waybill/internal/embedded/engine"
	"waybill/internal/embedded/registry"
)

// ready is the line that a child prints when it can be used.
type ready struct {
	Ready      bool     `json:"ready"`
	Brokers    []string `json:"brokers,omitempty"`
	BootID     string   `json:"boot_id,omitempty"`
	Registry   string   `json:"registry,omitempty"`
	ClickHouse string   `json:"clickhouse,omitempty"`
}

// listen makes the next child listen where this one did.
func (r ready) listen() []string {
	var hosts []string
	hosts = append(hosts, r.Brokers...)
	for _, address := range []string{r.Registry, r.ClickHouse} {
		if u, err := url.Parse(address); err == nil && u.Host != "" {
			hosts = append(hosts, u.Host)
		}
	}
	if len(hosts) == 0 {
		return nil
	}
	return []string{"--listen", strings.Join(hosts, ",")}
}

// passwordVariable tells the engine the password that its clients must send. It is no argument, for those are seen by all.
const passwordVariable = "WAYBILL_ENGINE_PASSWORD"

// predecessorWait bounds the wait for a child of a killed parent that is still shutting down.
const predecessorWait = 30 * time.Second

// ServeKafka is the child process `waybill kafka`: the broker and the registry of a data folder, until ctx ends, or SIGTERM
// comes, or the parent ends. listen is the address of the broker and, behind a comma, of the registry; free ports of
// 127.0.0.1 if empty. It prints one line of JSON when both can be used.
func ServeKafka(ctx context.Context, dir, listen string, sync bool, log *slog.Logger) error {
	ctx, cancel := asChild(ctx)
	defer cancel()
	brokerListen, registryListen, _ := strings.Cut(listen, ",")

	kafka, err := broker.Start(ctx, broker.Config{
		Dir: filepath.Join(dir, "kafka"), Listen: brokerListen, Sync: sync, Log: log, LockWait: predecessorWait,
	})
	if err != nil {
		return err
	}
	err = registry.Serve(ctx, registry.Config{
		Dir: filepath.Join(dir, "registry"), Listen: registryListen, LockWait: predecessorWait,
	}, func(url string) {
		at := kafka.Addresses()
		say(ready{Brokers: at.Brokers, BootID: at.BootID, Registry: url})
	})
	stopping, stopped := context.WithTimeout(context.Background(), predecessorWait/2)
	defer stopped()
	return errors.Join(err, kafka.Close(stopping))
}

// ServeClickHouse is the child process `waybill clickhouse`: the engine of a data folder. It lives as ServeKafka does.
func ServeClickHouse(ctx context.Context, dir, listen, library string, log *slog.Logger) error {
	ctx, cancel := asChild(ctx)
	defer cancel()
	home := filepath.Join(dir, "clickhouse")
	config := engine.Config{
		Dir: home, Listen: listen, Library: library, Password: os.Getenv(passwordVariable), Log: log,
		LockSecondsMax: int(predecessorWait.Seconds()),
	}
	return engine.Serve(ctx, config, func(address string) {
		say(ready{ClickHouse: "http://" + address + "/default"})
	})
}

// asChild ends the context by SIGTERM, by Ctrl-C on a child that is run by hand, and with the parent. A killed parent
// leaves broken pipes behind: without care the first line of the log would end the child at once, and not cleanly.
func asChild(ctx context.Context) (context.Context, context.CancelFunc) {
	signal.Ignore(syscall.SIGPIPE)
	ctx, cancel := signal.NotifyContext(ctx, syscall.SIGTERM, os.Interrupt)
	watchParent(ctx, cancel)
	return ctx, cancel
}

func say(r ready) {
	r.Ready = true
	line, err := json.Marshal(r)
	if err != nil {
		panic(err) // it has only strings
	}
	fmt.Println(string(line))
}
