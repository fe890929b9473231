package main

import (
	"strings"

	"github.com/spf13/cobra"
)

// isUsage tells the errors that cobra makes of a wrong command line; it has no type for them.
func isUsage(err error) bool {
	for _, start := range []string{"unknown command", "unknown flag", "unknown shorthand", "accepts ", "requires at least", "required flag", "invalid argument", "if any flags in the group"} {
		if strings.HasPrefix(err.Error(), start) {
			return true
		}
	}
	return false
}

// verb makes a command of the group.
func verb(group, use, short string, run func(cmd *cobra.Command, args []string) error) *cobra.Command {
	return &cobra.Command{GroupID: group, Use: use, Short: short, Args: cobra.NoArgs, RunE: run}
}
