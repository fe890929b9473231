package main

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/sandbox"
	"waybill/schemas"
	"waybill/topics"
)

// count fills in what stands on the topics, and how much of that in the audit.
func (p *pipeline) count(ctx context.Context, c *account) error {
	next := map[string]int64{} // by topic and partition
	for _, topic := range topics.Landing() {
		err := p.stack.readTopic(ctx, topic, func(r *kgo.Record) error {
			c.Events++
			next[fmt.Sprintf("%s/%d", r.Topic, r.Partition)] = r.Offset + 1
			switch topic {
			case topics.OrdersRaw:
				c.Raw++
			case topics.OrdersNormalized:
				c.Normalized++
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	entries, err := p.stack.trash(ctx)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Step == topics.StepNormalize.Name[len("step."):] && (e.State == schemas.TrashOpen || e.State == schemas.TrashDismissed) {
			c.Trash++
		}
	}
	if err := p.countTable(ctx, c); err != nil {
		return err
	}
	return p.countAudit(ctx, c, next)
}

// countAudit counts the rows of what stands before those positions: a parcel may still be heard of.
func (p *pipeline) countAudit(ctx context.Context, c *account, next map[string]int64) error {
	if len(next) == 0 {
		return nil
	}
	if err := p.stack.awaitRead(ctx, p.stack.config.Deployment+".landing", topics.Landing()); err != nil {
		return err
	}
	var ends []string
	for at, offset := range next {
		ends = append(ends, fmt.Sprintf("'%s', %d", at, offset))
	}
	query := "SELECT uniqExact(topic, partition, offset) AS rows FROM audit WHERE offset < map(" + strings.Join(ends, ", ") + ")[concat(topic, '/', toString(partition))]"
	return p.tables.Query(ctx, query, func(_ []string, values []any) error {
		_, err := fmt.Sscan(fmt.Sprint(values[0]), &c.AuditRows)
		return err
	})
}

// countTable counts what normalize remembers: repeats, and messages that wait.
func (p *pipeline) countTable(ctx context.Context, c *account) error {
	last := map[string]schemas.Row{}
	err := p.stack.readTopic(ctx, topics.TableNormalize, func(r *kgo.Record) error {
		var row schemas.Row
		if err := p.registry.Decode(ctx, schemas.RowSchema, r.Value, &row); err != nil {
			return fmt.Errorf("%s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
		}
		last[string(r.Key)] = row
		return nil
	})
	if err != nil {
		return err
	}
	for key, row := range last {
		var state schemas.OrderVersions
		if err := p.registry.Decode(ctx, schemas.OrderVersionsSchema, row.State, &state); err != nil {
			return fmt.Errorf("state of %s: %w", key, err)
		}
		c.Duplicates += int(state.Duplicates)
		c.Waiting += len(row.Held)
	}
	return nil
}

// compare holds what stands on orders.normalized, and what landed of it, against the books of what was fed. Broken payloads must
// be in the trash. Of a folder that was not empty only the orders of this run are looked at.
func (p *pipeline) compare(ctx context.Context, shares []share, fresh bool) (lost, doubled int, err error) {
	onTopic, inTable := map[string][]version{}, map[string][]version{} // by party
	err = p.stack.readTopic(ctx, topics.OrdersNormalized, func(r *kgo.Record) error {
		var o schemas.Order
		if err := p.registry.Decode(ctx, schemas.OrderSchema, r.Value, &o); err != nil {
			return err
		}
		onTopic[o.Party] = append(onTopic[o.Party], version{o.Ref, o.Revision})
		return nil
	})
	if err != nil {
		return 0, 0, err
	}
	err = p.tables.Query(ctx, "SELECT party, ref, revision FROM orders_normalized FINAL", func(_ []string, values []any) error {
		party := values[0].(string)
		inTable[party] = append(inTable[party], version{values[1].(string), values[2].(string)})
		return nil
	})
	if err != nil {
		return 0, 0, err
	}
	for _, s := range shares {
		missing, tooMany := 0, 0
		for _, found := range []map[string][]version{onTopic, inTable} {
			l, d := s.books.Check(ours(found[s.party], s.books, fresh))
			missing, tooMany = max(missing, len(l)), max(tooMany, len(d))
		}
		inTrash, err := p.missingInTrash(ctx, s.party, s.books)
		if err != nil {
			return 0, 0, err
		}
		lost, doubled = lost+missing+inTrash, doubled+tooMany
	}
	return lost, doubled, nil
}

type version struct{ ref, revision string }

func ours(found []version, books *sandbox.Books, all bool) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, v := range found {
			if (all || books.Versions(v.ref) > 0) && !yield(v.ref, v.revision) {
				return
			}
		}
	}
}

// missingInTrash counts the broken payloads that no entry stands for.
func (p *pipeline) missingInTrash(ctx context.Context, party string, books *sandbox.Books) (missing int, err error) {
	entries, err := p.stack.trash(ctx)
	if err != nil {
		return 0, err
	}
	inTrash, nameless := map[string]bool{}, 0
	for _, e := range entries {
		inTrash[e.OrderID] = true
		if strings.HasPrefix(e.OrderID, party+"/unidentified-") {
			nameless++
		}
	}
	named := 0
	for ref := range books.BrokenRefs() {
		named++
		if !inTrash[schemas.OrderID(party, ref)] {
			missing++
		}
	}
	return missing + max(0, books.Broken()-named-nameless), nil
}

// isEmpty says whether nothing was ever fed to the stack.
func (s *stack) isEmpty(ctx context.Context) (bool, error) {
	empty := true
	err := s.admin(ctx, func(admin *kadm.Client) error {
		ends, err := admin.ListEndOffsets(ctx, topics.OrdersRaw.Name)
		ends.Each(func(o kadm.ListedOffset) { empty = empty && o.Offset == 0 })
		return err
	})
	return empty, err
}

// awaitLanded waits until every step has read all there is, and all that came of it has landed: steps first, because the landing
// can only be behind with what they have done.
func (s *stack) awaitLanded(ctx context.Context) error {
	for _, step := range s.steps() {
		if err := s.awaitRead(ctx, s.config.Deployment+"."+step.Name, step.Reads); err != nil {
			return err
		}
	}
	return s.awaitRead(ctx, s.config.Deployment+".landing", topics.Landing())
}
