package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"waybill/connectors/carriers"
	"waybill/connectors/erps"
	"waybill/connectors/marketplaces"
	"waybill/connectors/remote"
	"waybill/internal/config"
	"waybill/internal/gateway"
	"waybill/internal/gateway/limit"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// wireGateways prepares the calls at the parties.
func (p *pipeline) wireGateways(_ context.Context, wanted []string) error {
	for _, name := range calledParties(p.config) {
		if !slices.Contains(wanted, name) {
			continue
		}
		account, traits, err := marketplaces.OpenAccount(p.config.Parties[name].Channel, p.config.Parties[name].Settings)
		if err != nil {
			return fmt.Errorf("party %s: %w", name, err)
		}
		if every := p.config.Poll.EverySeconds; every != 0 {
			traits.PollEvery = time.Duration(max(0, every)) * time.Second
		}
		of := accountParty{account, p.doorParty(name), p.delivered, new(sync.Map)}
		p.serve(name, of, of.kinds(traits), ratesOf(traits))
		p.called = append(p.called, name)
	}
	if err := errors.Join(p.wireCarriers(wanted), p.wirePrinters(wanted)); err != nil || !slices.Contains(wanted, topics.ERP) {
		return err
	}
	erp, err := openERP(p.config)
	if err != nil {
		return err
	}
	perSecond := erp.Traits().PerSecond
	if set := p.config.ERP.CallsPerSecond; set > 0 {
		perSecond = float64(set)
	}
	p.serve(topics.ERP, erpParty{erp, newOwnership(p.metrics), newCustomers(time.Duration(p.config.ERP.CustomersKnownSeconds) * time.Second)}, erpKinds(erp.Traits()), rates{party: limit.Rate{PerSecond: perSecond}})
	return nil
}

// oddLabels logs and counts what is odd about the labels of an account.
func (p *pipeline) oddLabels() func(account string) func(parcel string, warnings []string) {
	counted := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "waybill_label_warnings_total",
		Help: "What was odd about labels that were bought, such as another format, pages, or a layout that was never seen, by the carrier's account.",
	}, []string{"account"})
	p.metrics.MustRegister(counted)
	return func(account string) func(parcel string, warnings []string) {
		of := counted.WithLabelValues(account)
		return func(parcel string, warnings []string) {
			for _, warning := range warnings {
				of.Inc()
				p.app.log.Warn("a label is odd: "+warning, "carrier", account, "parcel", parcel)
			}
		}
	}
}

// wireCarriers prepares the calls at the carriers.
func (p *pipeline) wireCarriers(wanted []string) error {
	odd := p.oddLabels()
	for _, name := range carrierParties(p.config) {
		if !slices.Contains(wanted, name) {
			continue
		}
		account, err := carriers.Open(p.config.Parties[name].Carrier, p.config.Parties[name].Settings)
		if err != nil {
			return fmt.Errorf("party %s: %w", name, err)
		}
		perSecond, err := callsPerSecond(p.config.Parties[name].Settings, account.Traits().PerSecond)
		if err != nil {
			return fmt.Errorf("party %s: %w", name, err)
		}
		if err := p.openLabels(); err != nil {
			return err
		}
		of := carrierParty{carrier: p.config.Parties[name].Carrier, account: account, labels: p.labels, odd: odd(name)}
		if of.settles, err = settlesIn(p.config.Parties[name].Settings, account.Traits().SettleTime); err != nil {
			return fmt.Errorf("party %s: %w", name, err)
		}
		if of.asker, of.asking, err = carriers.AskerOf(of.carrier, p.config.Parties[name].Settings); err != nil {
			return fmt.Errorf("party %s: %w", name, err)
		}
		allowed := rates{party: limit.Rate{PerSecond: perSecond}, kinds: map[string]limit.Rate{}}
		if _, set := p.config.Parties[name].Settings[settingCalls]; !set && of.asking.PerSecond > 0 {
			allowed.kinds[processors.KindTrack] = limit.Rate{PerSecond: of.asking.PerSecond}
		}
		p.serve(name, of, of.kinds(), allowed)
	}
	return nil
}

// openLabels opens the label store, if that was not done.
func (p *pipeline) openLabels() (err error) {
	if p.labels == nil {
		p.labels, err = openLabels(p.config)
	}
	return err
}

// rates are what a party allows: of all calls, and of those kinds that have a limit of their own; and how many at a time, 0: as many as usual.
type rates struct {
	party  limit.Rate
	kinds  map[string]limit.Rate
	atOnce int
}

// delivered asks ClickHouse, which is connected to when it is needed.
func (p *pipeline) delivered(ctx context.Context, orderIDs []string) (map[string]time.Time, error) {
	tables, err := p.stack.clickhouse(ctx)
	if err != nil {
		return nil, err
	}
	defer tables.Close()
	return tables.Delivered(ctx, orderIDs)
}

// serve makes the calls at a party, as many as it allows, while this process has it.
func (p *pipeline) serve(name string, party gateway.Party, kinds []gateway.Kind, allowed rates) {
	limits := gateway.DefaultLimits()
	limits.Rate, limits.Rates, limits.CallsMax = allowed.party, allowed.kinds, cmp.Or(allowed.atOnce, limits.CallsMax)
	p.gateways = append(p.gateways, gateway.New(gateway.Config{
		Kafka: p.stack.kafka, Deployment: p.config.Deployment, Instance: p.config.Instance, Name: name, Release: release,
		Dir: filepath.Join(p.config.Data, "tables", p.config.Instance), Log: p.app.log, Metrics: p.metrics, Limits: limits,
		Rehearsed: func(t *schemas.Task) bool { return schemas.IsSynthetic(t.OrderID) },
	}, overheard{party}, kinds, p.registry))
}

// overheard is a party whose exchanges are kept in the receipts of its calls.
type overheard struct{ gateway.Party }

// Call makes a call.
func (o overheard) Call(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	return o.Party.Call(remote.Watch(ctx, gateway.Hear(ctx)), task)
}

// Find asks what became of one.
func (o overheard) Find(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	return o.Party.Find(remote.Watch(ctx, gateway.Hear(ctx)), task)
}

func openERP(c *config.Config) (erps.ERP, error) {
	return erps.Open(c.ERP.System, erps.Settings{URL: c.ERP.URL, User: c.ERP.User, Token: c.ERP.Token.Reveal()})
}

// erpKinds are the calls at an ERP: what is ready it is asked again and again, the others are about an order or a parcel. What makes
// something may not be repeated: the ERP does twice what it is told twice. It can be asked about.
func erpKinds(t erps.Traits) []gateway.Kind {
	then := func(follows func(*schemas.Task, string, schemas.Millis) ([]topics.Message, error)) func(*schemas.Task, gateway.Answer) ([]topics.Message, error) {
		return func(task *schemas.Task, answer gateway.Answer) ([]topics.Message, error) {
			return follows(task, answer.TheirRef, schemas.At(answer.At))
		}
	}
	return []gateway.Kind{
		{Name: processors.KindReady, Repeatable: true, CallMax: t.CallMax, Every: t.ReadyEvery, Priority: limit.Interactive, Then: readyThen},
		{Name: processors.KindTracking, Repeatable: true, CallMax: t.CallMax, SettleTime: t.SettleTime, Parts: partsOfERP(processors.KindTracking), Priority: limit.Interactive},
		{Name: processors.KindCustomer, Findable: true, CallMax: t.CallMax, SettleTime: t.SettleTime, Parts: partsOfERP(processors.KindCustomer), Then: then(processors.CustomerThen)},
		{Name: processors.KindOrder, Findable: true, CallMax: t.CallMax, SettleTime: t.SettleTime, Parts: partsOfERP(processors.KindOrder), Then: then(processors.OrderThen)},
		{Name: processors.KindAmend, Repeatable: true, CallMax: t.CallMax, SettleTime: t.SettleTime, Parts: partsOfERP(processors.KindAmend), Then: amendThen},
		{Name: processors.KindCancel, Repeatable: true, CallMax: t.CallMax, SettleTime: t.SettleTime, Parts: partsOfERP(processors.KindCancel), Priority: limit.Interactive},
	}
}

// erpParty is an ERP as a gateway speaks with it.
type erpParty struct {
	erp       erps.ERP
	owners    *ownership
	customers *customers
}

// Call does what a task says.
func (p erpParty) Call(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	switch task.Kind {
	case processors.KindReady:
		return p.ready(ctx, task)
	case processors.KindTracking:
		return p.writeTracking(ctx, task)
	}
	placing, err := placingOf(task)
	if err != nil {
		return gateway.Answer{}, err
	}
	switch task.Kind {
	case processors.KindAmend:
		return p.amend(ctx, placing)
	case processors.KindCancel:
		ref, said, err := p.erp.CancelOrder(ctx, placing.Order.OrderID)
		if errors.Is(err, remote.ErrAbsent) { // it never came there
			return gateway.Answer{Needless: true, Receipt: said}, nil
		}
		return answered(ref, said, err)
	}
	if task.Kind == processors.KindCustomer {
		return p.customer(ctx, task, placing)
	}
	return p.order(ctx, task, placing)
}

// Find asks what became of a task.
func (p erpParty) Find(ctx context.Context, task *schemas.Task) (gateway.Answer, error) {
	placing, err := placingOf(task)
	switch {
	case err != nil:
		return gateway.Answer{}, err
	case task.Kind == processors.KindOrder:
		return answered(p.erp.FindOrder(ctx, placing.Order.OrderID))
	}
	return answered(p.erp.FindCustomer(ctx, placing.Customer.Email))
}

func placingOf(task *schemas.Task) (*schemas.Placing, error) {
	placing, err := schemas.ParsePlacing(task.Payload)
	if err != nil {
		return nil, &gateway.Failure{Class: gateway.Permanent, Code: "unreadable_task", Reason: fmt.Sprint(err)}
	}
	return placing, nil
}

// asking is the failure of a question, which does nothing.
func asking(err error) error {
	var f *remote.Failure
	if errors.As(err, &f) && f.Perhaps {
		asked := *f
		asked.Perhaps = false
		return &asked
	}
	return err
}

// answered is what a connector said, in the gateway's words.
func answered(ref string, said []byte, err error) (gateway.Answer, error) {
	var f *remote.Failure
	switch {
	case errors.Is(err, remote.ErrAbsent):
		return gateway.Answer{}, gateway.ErrAbsent
	case errors.As(err, &f):
		return gateway.Answer{}, &gateway.Failure{
			Class: f.Class, Code: f.Code, Reason: f.Reason, Perhaps: f.Perhaps, RetryAfter: f.RetryAfter,
			Limit: limit.Report{RetryAfter: f.RetryAfter},
		}
	case err != nil:
		return gateway.Answer{}, err
	}
	return gateway.Answer{TheirRef: ref, Receipt: said}, nil
}
