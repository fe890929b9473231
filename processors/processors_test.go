package processors

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"waybill/schemas"
	"waybill/topics"
)

var update = flag.Bool("update", false, "rewrite the stories' ends")

// kiosk is a channel whose payloads say what an order says, and nothing else.
type kiosk struct{}

func (kiosk) Mapping() string { return "shop/1" }

func (kiosk) Normalize(raw *schemas.RawOrder) (*schemas.Order, error) {
	var sent struct {
		Status, Revision, City string
		Updated                *int64
		Total                  int64
	}
	if err := json.Unmarshal(raw.Body.Bytes, &sent); err != nil {
		return nil, schemas.Faults{{Code: "not_json", Path: "$", Text: "not JSON"}}
	}
	if sent.City == "" {
		return nil, schemas.Faults{{Code: "missing_city", Path: "$.city", Text: "no city"}}
	}
	return &schemas.Order{
		Status: sent.Status, Revision: sent.Revision, UpdatedAt: (*schemas.Millis)(sent.Updated), Total: schemas.Money{Minor: sent.Total, Currency: "PLN"},
		ShipTo: &schemas.Person{City: sent.City},
	}, nil
}

// A story is a file: the events, a line each (a name, a space, the payload), and what the step makes of them. Every event with the
// same name is about the same order.
func TestNormalizeStories(t *testing.T) {
	stories, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(stories) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, file := range stories {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := tell(t, string(archive.Files[0].Data))
			if again := tell(t, string(archive.Files[0].Data)); again != got {
				t.Errorf("told twice, it ends otherwise:\n%s", again)
			}
			if *update {
				archive.Files[1].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want := string(archive.Files[1].Data); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// tell runs the events through the step, each key with its state, as the runner does.
func tell(t *testing.T, events string) string {
	t.Helper()
	step := Normalize(Sources{Channels: Parties{"shop": kiosk{}}})
	states := map[string]*schemas.OrderVersions{}
	var out strings.Builder
	offset := int64(0)
	for line := range strings.Lines(events) {
		name, payload, _ := strings.Cut(strings.TrimSpace(line), " ")
		party, ref, ok := strings.Cut(name, "/")
		if !ok {
			t.Fatalf("no PARTY/REF in %q", line)
		}
		if states[name] == nil {
			states[name] = &schemas.OrderVersions{}
		}
		raw := &schemas.RawOrder{OrderID: name, Party: party, Channel: party, Ref: ref, Body: schemas.Body{Bytes: []byte(payload)}}
		event := &topics.Event{Topic: topics.OrdersRaw, Offset: offset, Key: name, Value: raw}
		result, err := step.Handle(event, states[name])
		fmt.Fprintf(&out, "%d %s: %s\n", offset, name, outcome(result, err))
		offset++
	}
	return out.String()
}

func outcome(result Result, err error) string {
	var dead *DeadError
	switch {
	case errors.As(err, &dead):
		return "trash, " + dead.Class + ": " + err.Error()
	case err != nil:
		return "again: " + err.Error()
	case result.Repeat:
		return "repeat"
	}
	var sent []string
	for _, m := range result.Messages {
		o := m.Value.(*schemas.Order)
		sent = append(sent, fmt.Sprintf("%s %s: %s, %s, %s, %s by %s", m.Topic.Name, m.Key, o.Change, o.Status, o.ShipTo.City, o.Total, o.Mapping))
	}
	return strings.Join(sent, "; ")
}

func TestAProcessorRefusesAValueOfAnotherType(t *testing.T) {
	step := Normalize(Sources{})
	_, err := step.Handle(&topics.Event{Topic: topics.OrdersRaw, Value: &schemas.Order{}}, step.State.New())
	if dead, _ := Outcome(err); dead == nil || dead.Class != schemas.ClassMalformed {
		t.Errorf("got %v, want a dead event that is malformed", err)
	}
}

func TestEveryStepDeclaresTopicsOfTheCatalogue(t *testing.T) {
	for _, step := range All(Sources{}) {
		for _, topic := range append([]*topics.Topic{step.Back, step.Table}, slices.Concat(step.Reads, step.Looks, step.Writes)...) {
			if topics.Named(topic.Name) != topic {
				t.Errorf("%s declares %s, which is not in the catalogue", step.Name, topic.Name)
			}
		}
		if step.Back.Schema != step.Reads[0].Schema {
			t.Errorf("what comes back to %s is not what it reads", step.Name)
		}
	}
}
