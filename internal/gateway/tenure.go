package gateway

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/membership"
	"waybill/internal/table"
	"waybill/schemas"
)

// candidacy waits until this process has the party, and serves it for as long as it has it.
func (g *Gateway) candidacy(ctx context.Context, store *table.Store) error {
	office := newOffice(g.outbox.Name, g.log)
	group := g.config.Deployment + ".gateway." + g.config.Name
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.ConsumerGroup(group), kgo.InstanceID(g.config.Instance), kgo.ConsumeTopics(g.outbox.Name), kgo.DisableAutoCommit(),
		kgo.SessionTimeout(g.config.Limits.SessionMax), kgo.HeartbeatInterval(min(g.config.Limits.SessionMax/5, time.Second)),
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.OnPartitionsAssigned(office.gained), kgo.OnPartitionsRevoked(office.lost), kgo.OnPartitionsLost(office.lost),
		kgo.WithHooks(office),
	}, g.config.Kafka...)...)
	if err != nil {
		return fmt.Errorf("stand for party %s: %w", g.config.Name, err)
	}
	client.PauseFetchTopics(g.outbox.Name) // it only stands; the tenure reads
	stood := false
	defer func() {
		was := membership.Of(client, group)
		client.Close()
		if stood {
			return // it comes back under its name, and nothing is shared out anew
		}
		if err := was.Leave(g.config.Kafka); err != nil {
			g.log.Warn("the group was not left: another process has to wait until this one's session is over", "error", err)
		}
	}()
	for {
		// Whoever stands for long without hearing that it has the party joins anew: the group may count on one who does not know it.
		standing, over := context.WithTimeout(ctx, g.config.Limits.SessionMax*standMax)
		held := office.await(standing, true)
		over()
		if !held {
			if stood = ctx.Err() == nil; stood {
				return errStood
			}
			return nil
		}
		err, lost := g.term(ctx, office, store)
		if !lost {
			return err
		}
	}
}

// term serves the party until it is lost, or ctx ends. What is under way then may end in good order, for as long as the party is held.
func (g *Gateway) term(ctx context.Context, office *office, store *table.Store) (err error, lost bool) {
	holding, end := context.WithCancelCause(context.WithoutCancel(ctx))
	defer end(nil)
	serving, stop := context.WithCancel(holding)
	defer stop()
	defer context.AfterFunc(ctx, stop)()
	go func() {
		if office.await(holding, false) {
			end(errLost)
		}
	}()
	err = g.serve(serving, holding, store)
	g.metrics.forget(g.config.Name)
	return err, errors.Is(context.Cause(holding), errLost)
}

// standMax is how many sessions a process stands for a party before it joins the group anew.
const standMax = 6

// tenure is the time in which this process has the party.
type tenure struct {
	*Gateway
	store    *table.Store
	producer *kgo.Client
	progress *progress
	desk     *desk
	results  chan result
	arrived  []*kgo.Record // read, and left for the next turn
	gate     *gate
	word     *schemas.LedgerRow // the last about the whole party, nil if there was none
	report   *report
	runID    []byte
}

// serve takes the transactional id from whoever had the party before, reads the ledger, and works until ctx ends. What it began then
// ends in holding.
func (g *Gateway) serve(ctx, holding context.Context, store *table.Store) error {
	id, err := g.transactionalID(ctx)
	if err != nil {
		return err
	}
	producer, err := kgo.NewClient(append([]kgo.Opt{
		kgo.TransactionalID(id), kgo.TransactionTimeout(g.config.Limits.SessionMax), kgo.ProducerLinger(0),
	}, g.config.Kafka...)...)
	if err != nil {
		return fmt.Errorf("serve party %s: %w", g.config.Name, err)
	}
	defer producer.Close()
	if _, _, err := producer.ProducerID(ctx); err != nil { // fences the predecessor: its ledger ends here
		return fmt.Errorf("take the transactional id %s: %w", id, err)
	}
	t := &tenure{
		Gateway: g, store: store, producer: producer, progress: g.newProgress(producer), desk: newDesk(g.priority),
		results: make(chan result, g.config.Limits.CallsMax), gate: newGate(g, g.now()), report: newReport(g.now()),
		runID: fmt.Appendf(nil, "gateway.%s-%s-%d", g.config.Name, g.config.Instance, g.now().UnixMilli()),
	}
	if err := t.load(ctx); err != nil {
		return err
	}
	return t.work(ctx, holding)
}

// transactionalID is deployment and party. The embedded broker, which recovers transactions badly, has a new cluster id each time it
// starts, and that is part of the name (architecture §5).
func (g *Gateway) transactionalID(ctx context.Context) (string, error) {
	client, err := kgo.NewClient(g.config.Kafka...)
	if err != nil {
		return "", err
	}
	defer client.Close()
	metadata, err := kadm.NewClient(client).BrokerMetadata(ctx)
	if err != nil {
		return "", fmt.Errorf("reach the brokers: %w", err)
	}
	id := g.config.Deployment + "-gateway-" + g.config.Name
	if strings.HasPrefix(metadata.Cluster, "embedded-") {
		id += "-" + metadata.Cluster
	}
	return id, nil
}

// load reads the ledger, and puts what is not finished on the desk, in the order in which it came. An intent that is found was a
// predecessor's: it may still be sending for as long as a call may take, and the party may know of it only a while later. Both are counted from now on, by this
// process's own clock.
func (t *tenure) load(ctx context.Context) error {
	if err := t.store.Restore(ctx, t.config.Kafka, t.ledger.Name, 0, t.note); err != nil {
		return err
	}
	var rows []schemas.LedgerRow
	var failed error
	err := t.store.Waits(0, func(_ string, key []byte) bool {
		row, ok, err := t.row(key)
		if ok {
			rows = append(rows, row)
		}
		failed = err
		return err == nil
	})
	if err = errors.Join(err, failed); err != nil {
		return fmt.Errorf("read the ledger of %s: %w", t.config.Name, err)
	}
	if err := t.recall(); err != nil {
		return err
	}
	slices.SortFunc(rows, func(a, b schemas.LedgerRow) int { return int(a.Offset - b.Offset) })
	now := t.now()
	for _, row := range rows {
		entry := &task{row: row, ask: row.State == schemas.TaskIntent}
		if k := t.kinds[row.Task.Kind]; entry.ask {
			entry.notBefore = now.Add(k.CallMax + k.SettleTime)
		} else if row.NotBefore != nil {
			entry.notBefore = row.NotBefore.Time()
		}
		if row.Class == Throttled && entry.notBefore.After(now) {
			t.gate.limits.Shut(row.Task.Kind, entry.notBefore)
		}
		t.desk.add(entry)
	}
	t.stand()
	return nil
}

// note marks the rows of tasks that are not finished, so that they are found again.
func (t *tenure) note(b []byte) (table.Note, error) {
	var row schemas.LedgerRow
	if err := t.registry.Decode(context.Background(), schemas.LedgerRowSchema, b, &row); err != nil {
		return table.Note{}, err
	}
	return noteOf(&row), nil
}

func noteOf(row *schemas.LedgerRow) table.Note {
	switch row.State {
	case schemas.TaskDone, schemas.TaskDropped, schemas.TaskLane, schemas.TaskPaused, schemas.TaskResumed, schemas.TaskPermitted, schemas.TaskSpent:
		return table.Note{}
	}
	return table.Note{Waits: "unfinished"}
}

// row is what the ledger has under a key.
func (t *tenure) row(key []byte) (row schemas.LedgerRow, ok bool, err error) {
	b, ok, err := t.store.Get(nil, 0, key)
	if err == nil && ok {
		err = t.registry.Decode(context.Background(), schemas.LedgerRowSchema, b, &row)
	}
	return row, ok, err
}
