package main

import (
	"cmp"
	"errors"
	"os"
	"os/user"

	"github.com/spf13/cobra"
)

// byFlag lets somebody say who they are.
func byFlag(cmd *cobra.Command, by *string) {
	cmd.Flags().StringVar(by, "by", "", "who is on record for it (default: the user of this machine)")
}

// signFlags let them say why, too.
func signFlags(cmd *cobra.Command, by, why *string) {
	byFlag(cmd, by)
	cmd.Flags().StringVar(why, "why", "", "why, for the record; no personal data")
}

// whoDoes is who is on record for what a command changes.
func whoDoes(by string) (string, error) {
	if by != "" {
		return by, nil
	}
	u, err := user.Current()
	if err != nil {
		if name := os.Getenv("USER"); name != "" {
			return name, nil
		}
		return "", errors.Join(usage("--by: say who does this"), err)
	}
	return cmp.Or(u.Username, u.Uid), nil
}
