package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// release is the version of this binary; the build sets it.
var release = "dev"

func (a *app) version() *cobra.Command {
	return verb("keep", "version", "Print the version of this binary", func(*cobra.Command, []string) error {
		revision := ""
		if info, ok := debug.ReadBuildInfo(); ok {
			for _, s := range info.Settings {
				if s.Key == "vcs.revision" {
					revision = s.Value[:min(len(s.Value), 12)]
				}
			}
		}
		if a.output == "json" {
			return a.json(map[string]string{"version": release, "revision": revision, "go": runtime.Version()})
		}
		_, err := fmt.Fprintf(a.stdout, "waybill %s %s %s\n", release, revision, runtime.Version())
		return err
	})
}
