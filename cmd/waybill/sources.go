package main

import (
	"context"
	"path/filepath"
	"slices"
	"sync/atomic"

	"waybill/connectors/carriers"
	"waybill/connectors/erps"
	"waybill/connectors/marketplaces"
	"waybill/internal/runner"
	"waybill/internal/view"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// views are the local copies that the parts of this process look things up in.
type views struct {
	catalogue *view.View // for normalize
	mappings  *view.View // for normalize
	keys      *view.View // for the order API
}

func (v *views) all() []*view.View {
	var all []*view.View
	for _, each := range []*view.View{v.catalogue, v.mappings, v.keys} {
		if each != nil {
			all = append(all, each)
		}
	}
	return all
}

// of are those a step must not do anything without.
func (v *views) of(step processors.Processor) (all []runner.View) {
	for topic, each := range map[*topics.Topic]*view.View{topics.IDCatalogue: v.catalogue, topics.Mappings: v.mappings} {
		if slices.Contains(step.Looks, topic) {
			all = append(all, each)
		}
	}
	return all
}

func (p *pipeline) view(topic *topics.Topic) *view.View {
	return view.New(view.Config{
		Kafka: p.stack.kafka, Dir: filepath.Join(p.config.Data, "views", p.config.Instance, topic.Name), Log: p.app.log,
	}, topic, p.registry)
}

// sources is what the steps of this process look things up in.
func (p *pipeline) sources(ctx context.Context) processors.Sources {
	return processors.Sources{
		Channels:  &channelsInUse{ctx: ctx, parties: p.channels, choices: p.views.mappings},
		Catalogue: catalogue{ctx, p.views.catalogue},
		Terms:     func(party string) processors.Terms { return p.terms[party] },
		Tracked:   trackedIn, Reopens: carriers.Reopens,
		Packed: func(raw *schemas.ERPRaw) (schemas.Readied, error) {
			return erps.Packed(p.config.ERP.System, raw.OrderID, raw.Body.Bytes)
		},
	}
}

// catalogue is the view of id.catalogue as steps see it.
type catalogue struct {
	ctx  context.Context
	view *view.View
}

// Offer is the entry of that key, nil if there is none.
func (c catalogue) Offer(key string) (*schemas.CatalogueEntry, error) {
	entry := new(schemas.CatalogueEntry)
	if found, err := c.view.Get(c.ctx, key, entry); err != nil || !found {
		return nil, err
	}
	return entry, nil
}

// readers is a party's channel in every version of its mapping that this program has; the newest by the name "".
type readers struct {
	channel string
	by      map[string]marketplaces.Marketplace
}

func (r *readers) newest() marketplaces.Marketplace { return r.by[""] }

func openReaders(has edition, channel string, settings map[string]string) (*readers, error) {
	mappings := has.mappings(channel)
	if len(mappings) == 0 { // it says what there is
		_, err := marketplaces.Open(channel, settings)
		return nil, err
	}
	r := &readers{channel: channel, by: map[string]marketplaces.Marketplace{}}
	for _, mapping := range mappings {
		opened, err := marketplaces.OpenMapping(mapping, settings)
		if err != nil {
			return nil, err
		}
		r.by[mapping], r.by[""] = opened, opened
	}
	return r, nil
}

// channelsInUse answers with the version of a mapping that was chosen for its channel.
type channelsInUse struct {
	ctx     context.Context
	parties map[string]*readers
	choices *view.View
	known   atomic.Pointer[choices]
}

// choices are the mappings by channel, as they stood at a version of the view.
type choices struct {
	version int64
	of      map[string]string
}

// Channel is the party's; nil if there is no such party.
func (c *channelsInUse) Channel(party, mapping string) (processors.Channel, error) {
	r := c.parties[party]
	if r == nil {
		return nil, nil
	}
	if mapping == "" {
		chosen, err := c.chosen()
		if err != nil {
			return nil, err
		}
		mapping = chosen[r.channel]
	}
	if channel := r.by[mapping]; channel != nil {
		return channel, nil
	}
	return nil, processors.ErrMapping
}

// chosen is looked up anew only when somebody has chosen.
func (c *channelsInUse) chosen() (map[string]string, error) {
	version := c.choices.Version()
	if known := c.known.Load(); known != nil && known.version == version {
		return known.of, nil
	}
	of := map[string]string{}
	for _, channel := range marketplaces.Channels() {
		var choice schemas.MappingChoice
		if _, err := c.choices.Get(c.ctx, channel, &choice); err != nil {
			return nil, err
		}
		of[channel] = choice.Mapping
	}
	c.known.Store(&choices{version, of})
	return of, nil
}

// requestKeys is the view of orders.keys as the order API sees it.
type requestKeys struct{ view *view.View }

// Lookup is what came with that key first.
func (k requestKeys) Lookup(ctx context.Context, party, key string) (sha256, orderID string, found bool, err error) {
	var request schemas.RequestKey
	found, err = k.view.Get(ctx, schemas.RequestID(party, key), &request)
	return request.SHA256, request.OrderID, found, err
}
