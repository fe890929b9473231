package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/embedded"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// placedBy is the task by which the ERP was last told of an order.
func (s *stack) placedBy(t *testing.T, registry *schemas.Registry) (asked schemas.Task) {
	t.Helper()
	err := s.readTopic(t.Context(), topics.OutboxERP, func(r *kgo.Record) error {
		var task schemas.Task
		if err := registry.Decode(t.Context(), schemas.TaskSchema, r.Value, &task); err != nil || task.Kind != processors.KindOrder {
			return err
		}
		asked = task
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return asked
}

// A run that is not live is predicted, approved, and then makes each of its calls once.
func TestARepairMakesTheCallsThatWereApprovedOnce(t *testing.T) {
	t.Parallel()
	p := startPlaced(t)
	p.order("1", "MUG")
	p.awaitReceipt("direct/1", "order", "confirmed")
	found, err := embedded.Find(p.data)
	if err != nil {
		t.Fatal(err)
	}
	s := &stack{brokers: found.Brokers, kafka: onThisMachine(found.Brokers), running: found}
	registry, err := schemas.NewRegistry(found.Registry)
	if err != nil {
		t.Fatal(err)
	}
	asked := s.placedBy(t, registry)
	asked.TaskID, asked.OrderID = strings.ReplaceAll(asked.TaskID, "direct/1", "direct/9"), "direct/9"
	asked.Payload.Bytes = []byte(strings.ReplaceAll(string(asked.Payload.Bytes), "direct/1", "direct/9"))
	value, err := registry.Encode(t.Context(), nil, topics.OutboxERP.Subject(), schemas.TaskSchema, &asked)
	if err != nil {
		t.Fatal(err)
	}
	repair := func(mode string) {
		t.Helper()
		err := s.sendDeed(context.Background(), topics.ERP, &kgo.Record{Key: []byte(asked.TaskID), Value: value, Headers: []kgo.RecordHeader{
			{Key: topics.HeaderMode, Value: []byte(mode)}, {Key: topics.HeaderRunID, Value: []byte("run-7")},
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	repair("dry_run")
	plan := func() []effect { return rows[effect](t, p.ask("repair", "erp", "--run", "run-7", "-o", "json")) }
	predicted := eventually(t, plan, func(all []effect) bool { return len(all) == 1 })[0]
	if predicted.TaskID != asked.TaskID || predicted.OrderID != "direct/9" || predicted.Mode != "dry_run" || len(predicted.Plan) != 64 {
		t.Errorf("predicted: %+v", predicted)
	}
	for want, args := range map[string][]string{
		"say why, by --why":                  {"--approve", predicted.Plan},
		"the plan is " + predicted.Plan:      {"--approve", strings.Repeat("0", 64), "--why", "w"},
		"there is nothing to approve at erp": {"--run", "another", "--approve", predicted.Plan, "--why", "w"},
	} {
		cmd := program(t, append([]string{"repair", "erp", "--data", p.data}, args...)...)
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), want) {
			t.Errorf("%v: %v %s", args, err, out)
		}
	}
	repair(topics.ModeRepair) // nobody has approved it
	p.ask("repair", "erp", "--run", "run-7", "--approve", plan()[0].Plan, "--why", "it was lost", "--by", "anna")
	for range 3 {
		repair(topics.ModeRepair)
	}
	p.awaitReceipt("direct/9", "order", "confirmed")
	if effects := p.effects(); effects != "map[customers.create:{1 0} orders.create:{2 0}]" {
		t.Errorf("the ERP's books say %s", effects)
	}
	if left := plan(); len(left) != 0 {
		t.Errorf("afterwards the plan is %+v", left)
	}
	tokens := "SELECT state, plan, by FROM v_calls_erp WHERE state = 'spent'"
	want := fmt.Sprintf(`{"state":"spent","plan":"%s","by":"anna"}`+"\n", predicted.Plan)
	eventually(t, func() string { return p.ask("sql", "-o", "json", tokens) }, func(got string) bool { return got == want })
}
