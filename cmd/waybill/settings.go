package main

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"waybill/connectors/marketplaces"
	"waybill/internal/config"
	"waybill/topics"
)

// settingOf says which setting a flag sets.
var settingOf = map[string]string{
	"data":       "data",
	"listen":     "listen",
	"ops-listen": "ops_listen",
	"instance":   "instance",
	"brokers":    "kafka.brokers",
	"registry":   "registry.url",
	"clickhouse": "clickhouse.dsn",
}

// stackFlags are the flags that say which stack a verb works on.
func stackFlags(cmd *cobra.Command) {
	cmd.Flags().String("data", "", "data folder of an embedded stack; a running instance on it is talked to (default: data)")
	cmd.Flags().String("brokers", "", "host:port,… of a Kafka cluster, instead of an embedded one")
	cmd.Flags().String("registry", "", "URL of its schema registry")
	cmd.Flags().String("clickhouse", "", "DSN of a ClickHouse server: clickhouse://… or http(s)://…")
}

// settings is the configuration: defaults, file, environment, flags.
func (a *app) settings(cmd *cobra.Command) (*config.Config, error) {
	path := cmp.Or(a.configFile, os.Getenv(config.PathVariable))
	if path == "" {
		if _, err := os.Stat(config.FileName); !errors.Is(err, fs.ErrNotExist) {
			path = config.FileName
		}
	}
	var flags []config.Flag
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if key, ok := settingOf[f.Name]; ok {
			flags = append(flags, config.Flag{Key: key, Value: f.Value.String(), Name: "--" + f.Name})
		}
	})
	c, err := config.Load(path, os.Environ(), flags...)
	if err != nil {
		return nil, &exitError{code: exitUsage, err: err}
	}
	called, carried, printers := calledParties(c), carrierParties(c), printerParties(c)
	topics.Carry(nil)
	topics.Print(nil)
	for _, name := range slices.Concat(carried, printers) {
		if slices.Contains(parts(), name) {
			return nil, usage("parties.%s: a carrier's account, or a printer, can not have the name of a part of a pipeline: %s", name, strings.Join(parts(), ", "))
		}
	}
	for _, name := range called {
		if slices.Contains(parts(), name) {
			return nil, usage("parties.%s.settings.%s: a party that is called can not have the name of a part of a pipeline: %s",
				name, marketplaces.SettingURL, strings.Join(parts(), ", "))
		}
	}
	topics.Call(called)
	topics.Carry(carried)
	topics.Print(printers)
	return c, nil
}
