package main

import (
	"github.com/spf13/cobra"

	"waybill/internal/embedded"
)

// kafka is the child process that holds the embedded broker and registry.
func (a *app) kafka() *cobra.Command {
	var dir, listen string
	var sync bool
	cmd := &cobra.Command{
		Use: "kafka", Hidden: true, Args: cobra.NoArgs, Short: "The embedded broker and registry (started by up)",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return embedded.ServeKafka(cmd.Context(), dir, listen, sync, a.log)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "data folder")
	cmd.Flags().StringVar(&listen, "listen", "", "addresses of the broker and of the registry")
	cmd.Flags().BoolVar(&sync, "sync", false, "write each batch through to the disk")
	return cmd
}

// clickhouse is the child process that holds the embedded engine.
func (a *app) clickhouse() *cobra.Command {
	var dir, listen, library string
	cmd := &cobra.Command{
		Use: "clickhouse", Hidden: true, Args: cobra.NoArgs, Short: "The embedded ClickHouse engine (started by up)",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return embedded.ServeClickHouse(cmd.Context(), dir, listen, library, a.log)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "data folder")
	cmd.Flags().StringVar(&listen, "listen", "", "address of the engine")
	cmd.Flags().StringVar(&library, "library", "", "libchdb.so")
	return cmd
}
