package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waybill/connectors/marketplaces"
	"waybill/internal/versions"
	"waybill/schemas"
	"waybill/topics"
)

func (a *app) mapping() *cobra.Command {
	cmd := &cobra.Command{GroupID: "keep", Use: "mapping", Short: "Look at and choose the versions by which channels are read"}
	cmd.AddCommand(a.mappingList(), a.mappingUse())
	return cmd
}

// mappingView is one version of a channel's mapping.
type mappingView struct {
	Channel string          `json:"channel"`
	Mapping string          `json:"mapping"`
	InUse   bool            `json:"in_use"`
	Newest  bool            `json:"newest"`
	Chosen  *schemas.Millis `json:"chosen_at,omitempty"` // of the one that is in use because somebody said so
	By      string          `json:"by,omitempty"`
	Reason  string          `json:"reason,omitempty"`
}

func (a *app) mappingList() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "List the versions this program has, and which are in use", Args: cobra.NoArgs}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		stack, err := a.openTopics(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		chosen, err := stack.mappingsChosen(cmd.Context())
		if err != nil {
			return err
		}
		p := a.printer("channel", "mapping", "in use", "since", "by", "reason")
		for _, v := range mappingViews(a.has, chosen) {
			inUse, since := "", ""
			if v.InUse {
				inUse = "yes"
			}
			if v.Chosen != nil {
				since = v.Chosen.String()
			}
			if err := p.row(v, v.Channel, v.Mapping, inUse, since, v.By, v.Reason); err != nil {
				return err
			}
		}
		return p.end()
	}
	stackFlags(cmd)
	return cmd
}

// mappingViews are all versions there are, by channel; also one that was chosen and that this program does not have.
func mappingViews(has edition, chosen map[string]*schemas.MappingChoice) (views []mappingView) {
	for _, channel := range marketplaces.Channels() {
		mappings := has.mappings(channel)
		newest := mappings[len(mappings)-1]
		choice, inUse := chosen[channel], newest
		if choice != nil && choice.Mapping != "" {
			inUse = choice.Mapping
			if !slices.Contains(mappings, inUse) {
				mappings = append(slices.Clone(mappings), inUse)
			}
		}
		for _, mapping := range mappings {
			v := mappingView{Channel: channel, Mapping: mapping, InUse: mapping == inUse, Newest: mapping == newest}
			if v.InUse && choice != nil {
				v.Chosen, v.By, v.Reason = &choice.At, choice.By, choice.Reason
			}
			views = append(views, v)
		}
	}
	return views
}

func (s *stack) mappingsChosen(ctx context.Context) (map[string]*schemas.MappingChoice, error) {
	chosen := map[string]*schemas.MappingChoice{}
	err := s.pairs(ctx, topics.Mappings, anyKey, func(channel string, value any) error {
		chosen[channel] = value.(*schemas.MappingChoice)
		return nil
	})
	return chosen, err
}

func (a *app) mappingUse() *cobra.Command {
	var r reasoned
	var force bool
	cmd := &cobra.Command{Use: "use MAPPING", Short: "Read a channel by that version from now on, in every instance; CHANNEL/newest follows the program again", Args: cobra.ExactArgs(1)}
	cmd.Example = `  waybill mapping use allegro/1 --reason "allegro/2 misreads deposits"
  waybill mapping use allegro/newest`
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		by, err := whoDoes(r.by)
		if err != nil {
			return err
		}
		channel, version, _ := strings.Cut(args[0], "/")
		known := a.has.mappings(channel)
		mapping := args[0]
		switch {
		case len(known) == 0:
			return usage("mapping %s: there is no channel %q; known: %s", args[0], channel, strings.Join(marketplaces.Channels(), ", "))
		case version == "newest":
			mapping = ""
		case !slices.Contains(known, mapping):
			return usage("mapping %s: this program does not have it; known: %s, %s/newest", args[0], strings.Join(known, ", "), channel)
		}
		stack, err := a.openTopics(cmd)
		if err != nil {
			return err
		}
		defer a.close(stack)
		if lacks, err := a.lacking(cmd.Context(), stack, mapping); err != nil || len(lacks) > 0 && !force {
			return errors.Join(err, lackError(mapping, lacks))
		}
		choice := &schemas.MappingChoice{Channel: channel, Mapping: mapping, At: schemas.At(time.Now()), By: by, Reason: r.reason}
		if err := stack.store(cmd.Context(), []topics.Message{{Topic: topics.Mappings, Key: channel, Value: choice}}); err != nil {
			return err
		}
		if a.output == "json" {
			return a.json(mappingView{
				Channel: channel, Mapping: choice.Mapping, InUse: true, Newest: mapping == "", Chosen: &choice.At, By: by, Reason: r.reason,
			})
		}
		_, err = fmt.Fprintf(a.stdout, "%s is read by %s from now on\n", channel, args[0])
		return err
	}
	r.flags(cmd)
	cmd.Flags().BoolVar(&force, "force", false, "though an instance that runs does not have it, and will read nothing of the channel")
	stackFlags(cmd)
	return cmd
}

// lacking are the instances that run steps and do not have a mapping; that each has its newest is so by itself.
func (a *app) lacking(ctx context.Context, s *stack, mapping string) ([]*schemas.Instance, error) {
	if mapping == "" {
		return nil, nil
	}
	registry, err := s.schemas()
	if err != nil {
		return nil, err
	}
	living, err := versions.Ask(ctx, s.kafka, registry)
	if err != nil {
		return nil, err
	}
	defer living.Close()
	can := func(i *schemas.Instance) bool {
		runsSteps := slices.ContainsFunc(i.Parts, func(part string) bool { return part != partDoors && part != partLanding })
		return !runsSteps || slices.Contains(i.Mappings, mapping)
	}
	return living.Unable(ctx, can, a.waitForSilent)
}

func lackError(mapping string, lacks []*schemas.Instance) error {
	if len(lacks) == 0 {
		return nil
	}
	return fmt.Errorf("mapping %s: %s does not have it and would read nothing of the channel: upgrade it first, or give --force; nothing was changed", mapping, nameOf(lacks[0]))
}
