package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"

	"waybill/internal/hanging"
	"waybill/topics"
)

// nothingHangs looks for transactions that nobody will end any more: what lies behind them is not read.
func (s *stack) nothingHangs(ctx context.Context, admin *kadm.Client) []finding {
	found, err := hanging.Find(ctx, admin, names(topics.All())...)
	if err != nil {
		return []finding{{Check: "transactions", OK: true, Detail: "whether one hangs is not known: " + err.Error(), Next: "the role reader may ask: 'waybill acls --role reader'"}}
	}
	offsets, err := hanging.Find(ctx, admin, hanging.Offsets)
	beside := ""
	switch {
	case errors.Is(err, kerr.TopicAuthorizationFailed):
		beside = fmt.Sprintf("; %s is not for this login to read", hanging.Offsets)
	case err != nil:
		beside = fmt.Sprintf("; of %s it is not known: %v", hanging.Offsets, err)
	}
	if found = append(found, offsets...); len(found) == 0 {
		return []finding{judge("transactions", nil, "none hangs"+beside, "")}
	}
	of := map[int64][]hanging.Transaction{}
	for _, t := range found {
		of[t.ProducerID] = append(of[t.ProducerID], t)
	}
	var all []finding
	for _, producer := range slices.Sorted(maps.Keys(of)) {
		all = append(all, hangs(of[producer], beside))
	}
	return all
}

// hangs is about all partitions on which transactions of one producer hang.
func hangs(all []hanging.Transaction, beside string) finding {
	whose, since := cmp.Or(all[0].ID, "an unknown id"), all[0].Last
	var where []string
	for _, t := range all {
		if t.Last.Before(since) {
			since = t.Last
		}
		where = append(where, fmt.Sprintf("%s/%d from offset %d", t.Topic, t.Partition, t.Start))
	}
	return finding{
		Check: "transactions",
		Detail: fmt.Sprintf("one of %s (producer %d) hangs since %s on %s: what lies behind it is not read, and the step stands still%s",
			whose, all[0].ProducerID, since.UTC().Format(time.RFC3339), strings.Join(where, ", "), beside),
		Next: "'waybill transactions --end' ends it as its coordinator had decided, by a login that may alter the cluster",
	}
}
