package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/rights"
)

// granting is what acls does: for whom, and whether it does it.
type granting struct {
	roles     []string
	principal string
	commands  bool
	apply     bool
}

// granted is one right of one principal, as it is printed.
type granted struct {
	Role      string `json:"role"`
	Principal string `json:"principal"`
	Operation string `json:"operation"`
	Resource  string `json:"resource"`
	Name      string `json:"name"`
	Pattern   string `json:"pattern"`
	Why       string `json:"why"`
}

func (a *app) acls() *cobra.Command {
	var g granting
	cmd := verb("keep", "acls", "Print the least rights on the Kafka cluster that each role needs, or grant them", func(cmd *cobra.Command, _ []string) error {
		c, err := a.settings(cmd)
		if err != nil {
			return err
		}
		roles, err := g.chosen(c.Deployment)
		if err != nil {
			return err
		}
		if !g.apply {
			return a.printRights(roles, g)
		}
		s, err := a.withoutTables(c)
		if err != nil {
			return err
		}
		return s.grant(cmd.Context(), roles, g, a)
	})
	cmd.Long = "Print the least rights on the Kafka cluster that each role needs, or grant them. Roles: " + strings.Join(rights.Names(), ", ") + ".\n\n" +
		"They come from the catalogue of topics and steps. A process that runs several parts needs the rights of each. Who feeds talks to\n" +
		"the doors over HTTP and needs none. A right that is no longer needed is not taken away."
	cmd.Example = `  waybill acls --role doors --principal User:doors
  waybill acls --commands
  waybill acls --role landing --apply`
	cmd.Flags().StringSliceVar(&g.roles, "role", nil, "roles (default: all)")
	cmd.Flags().StringVar(&g.principal, "principal", "", "who is granted the rights of the roles (default: User:ROLE each)")
	cmd.Flags().BoolVar(&g.commands, "commands", false, "print arguments of kafka-acls.sh, a line each")
	cmd.Flags().BoolVar(&g.apply, "apply", false, "grant them, as the login that is configured")
	stackFlags(cmd)
	return cmd
}

func (g granting) chosen(deployment string) ([]rights.Role, error) {
	if _, err := rights.Of(deployment, g.roles...); err != nil {
		return nil, usage("acls: %v", err)
	}
	if g.principal != "" && !strings.Contains(g.principal, ":") {
		return nil, usage("--principal %s: say its kind too, such as User:%s", g.principal, g.principal)
	}
	var roles []rights.Role
	for _, r := range rights.Roles(deployment) {
		for _, name := range g.roles {
			if r.Name == name {
				roles = append(roles, r)
			}
		}
	}
	if len(g.roles) == 0 {
		roles = rights.Roles(deployment)
	}
	return roles, nil
}

func (g granting) of(role rights.Role) string {
	if g.principal != "" {
		return g.principal
	}
	return "User:" + role.Name
}

func (a *app) printRights(roles []rights.Role, g granting) error {
	if g.commands && a.output != "json" {
		for _, role := range roles {
			for _, line := range rights.Commands(g.of(role), role.Rights) {
				fmt.Fprintln(a.stdout, line)
			}
		}
		return nil
	}
	p := a.printer("principal", "operation", "on", "why")
	for _, role := range roles {
		for _, r := range role.Rights {
			operation, on, _ := strings.Cut(r.String(), " on ")
			if err := p.row(granted{role.Name, g.of(role), operation, r.Resource.String(), r.Name, r.Pattern().String(), r.Why}, g.of(role), operation, on, r.Why); err != nil {
				return err
			}
		}
	}
	return p.end()
}

// grant makes what is missing; what is there already stays.
func (s *stack) grant(ctx context.Context, roles []rights.Role, g granting, a *app) error {
	if err := s.mustLet(ctx, ""); err != nil {
		return err
	}
	return s.asking(ctx, func(client *kgo.Client) error {
		for _, role := range roles {
			if err := rights.Grant(ctx, client, g.of(role), role.Rights); err != nil {
				return err
			}
			a.say("%s has what %s needs: %d rights", g.of(role), role.Name, len(role.Rights))
		}
		return nil
	})
}
