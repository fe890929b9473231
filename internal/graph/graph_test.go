package graph

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"waybill/processors"
	"waybill/topics"
)

func pipeline() Graph {
	return Graph{Doors: []string{"feed", "a < b"}, Enter: []*topics.Topic{topics.OrdersRaw}, Steps: processors.All(processors.Sources{}), Parties: processors.Gateways(), Landing: topics.Landing()}
}

// Whatever a step declares is drawn; a declaration that is forgotten here would make the picture lie.
func TestEveryDeclaredTopicIsInBothPictures(t *testing.T) {
	g := pipeline()
	for _, step := range g.Steps {
		declared := append([]*topics.Topic{step.Back, step.Table, topics.Trash}, append(step.Reads, step.Writes...)...)
		for _, topic := range declared {
			if !strings.Contains(g.Text(), topic.Name) || !strings.Contains(g.SVG(), topic.Name) {
				t.Errorf("%s of %s is not drawn", topic.Name, step.Name)
			}
		}
	}
	for _, party := range g.Parties {
		for _, topic := range append([]*topics.Topic{party.Outbox, party.Ledger}, party.Writes...) {
			if !strings.Contains(g.Text(), topic.Name) || !strings.Contains(g.SVG(), topic.Name) {
				t.Errorf("%s of %s is not drawn", topic.Name, party.Party)
			}
		}
	}
	for _, topic := range g.Landing {
		if !strings.Contains(g.Text(), "─► "+topic.Table()) {
			t.Errorf("%s does not land in the text", topic.Name)
		}
	}
}

func TestThePictureIsXML(t *testing.T) {
	decoder := xml.NewDecoder(strings.NewReader(pipeline().SVG()))
	elements := 0
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := token.(xml.StartElement); ok {
			elements++
		}
	}
	if elements < 20 {
		t.Errorf("only %d elements", elements)
	}
}
