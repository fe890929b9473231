package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// shipmentHistory is what was said of some shipments, the oldest first.
type shipmentHistory struct{ shipments []*shipmentLife }

// shipmentLife is one shipment, as far as its labels go.
type shipmentLife struct {
	last     *schemas.Shipment // the last that was said of it as a whole
	labelled []*schemas.Shipment
	over     map[int64]*schemas.Shipment // why the labels of a generation are good no more
	printed  map[string]int              // by number
	left     bool
}

// labelOf is the label of one parcel.
type labelOf struct {
	of     *schemas.Shipment
	parcel schemas.ShipmentParcel
	times  int // that it was printed before
}

// copy tells an original from what was printed again.
func (l labelOf) copy() string {
	if l.times == 0 {
		return "ORIGINAL"
	}
	return fmt.Sprintf("REPRINT %d", l.times)
}

func newLife() *shipmentLife {
	return &shipmentLife{over: map[int64]*schemas.Shipment{}, printed: map[string]int{}}
}

func (h *shipmentHistory) take(s *schemas.Shipment) {
	at := slices.IndexFunc(h.shipments, func(l *shipmentLife) bool { return l.last.ShipmentID == s.ShipmentID })
	if at < 0 {
		h.shipments = append(h.shipments, newLife())
		at = len(h.shipments) - 1
	}
	h.shipments[at].take(s)
}

// take takes down what was said of it.
func (l *shipmentLife) take(s *schemas.Shipment) {
	l.last = cmp.Or(l.last, s)
	switch s.State {
	case schemas.ShipmentQuoted, schemas.ShipmentScanned, schemas.ShipmentCredited, schemas.ShipmentCharged: // it stands as it stood
		return
	case schemas.ShipmentLabelled:
		l.labelled = append(l.labelled, s)
	case schemas.ShipmentRecalled, schemas.ShipmentVoided:
		l.over[s.Generation] = cmp.Or(l.over[s.Generation], s)
	case schemas.ShipmentPrinted:
		for _, p := range s.Parcels {
			l.printed[p.Number]++
		}
	case schemas.ShipmentHandedOver:
		l.left = true
	}
	if s.Generation >= l.last.Generation {
		l.last = s
	}
}

// labels are those to print, of a parcel or of whole shipments; or why one of them must not be.
func (h *shipmentHistory) labels(id string, although bool) (chosen []labelOf, err error) {
	for _, l := range h.shipments {
		for _, s := range l.labelled {
			for _, p := range s.Parcels {
				named := p.Number == id
				if !named && (s.Generation < l.last.Generation || s.OrderID != id && s.ShipmentID != id) {
					continue
				}
				if why := l.whyNot(s, although); why != "" {
					return nil, fmt.Errorf("the label of parcel %s is not printed: %s", p.Number, why)
				}
				chosen = append(chosen, labelOf{s, p, l.printed[p.Number]})
			}
		}
	}
	if len(chosen) == 0 {
		last := h.shipments[len(h.shipments)-1].last
		return nil, fmt.Errorf("shipment %s has no label: it is %s%s", last.ShipmentID, strings.ReplaceAll(last.State, "_", " "), because(last))
	}
	return chosen, nil
}

// whyNot is why a label must not be printed; "" if it may be.
func (l *shipmentLife) whyNot(s *schemas.Shipment, although bool) string {
	switch over := l.over[s.Generation]; {
	case over != nil:
		return "it was taken back" + because(over)
	case s.Generation < l.last.Generation:
		return "another was bought in its place"
	case l.left && !although:
		return "the shipment has left; --although-it-left prints it all the same"
	}
	return ""
}

func because(s *schemas.Shipment) string {
	if why := cmp.Or(s.Text, s.Reason); why != "" {
		return ": " + why
	}
	return ""
}

// only is the one shipment that a name stands for.
func (h *shipmentHistory) only(id string) (*shipmentLife, error) {
	var names []string
	for _, l := range h.shipments {
		names = append(names, l.last.ShipmentID)
	}
	if len(names) > 1 {
		return nil, usage("%s has several shipments: give one of %s", id, strings.Join(names, ", "))
	}
	return h.shipments[0], nil
}

// toBuyAgain is the one shipment that a name stands for, if it had a label and is still here.
func (h *shipmentHistory) toBuyAgain(id string) (*schemas.Shipment, error) {
	l, err := h.only(id)
	switch {
	case err != nil:
		return nil, err
	case l.left:
		return nil, fmt.Errorf("shipment %s has left: nothing is bought for it any more", l.last.ShipmentID)
	case l.last.Generation == 0:
		return nil, fmt.Errorf("shipment %s never had a label: it is %s%s", l.last.ShipmentID, l.last.State, because(l.last))
	}
	return l.last, nil
}

// errNoShipment says that a name stands for no shipment.
var errNoShipment = errors.New("no shipment of that name is known, nor a parcel of that number")

// shipmentsOf is all that is known of what an order id, the name of a shipment or a tracking number names.
func (s *stack) shipmentsOf(ctx context.Context, id string) (*shipmentHistory, error) {
	registry, err := s.schemas()
	if err != nil {
		return nil, err
	}
	h := &shipmentHistory{}
	numbered := map[string]bool{} // shipments with that number
	var all []*schemas.Shipment
	err = s.readTopic(ctx, topics.Shipments, func(r *kgo.Record) error {
		one := new(schemas.Shipment)
		if err := registry.Decode(ctx, schemas.ShipmentSchema, r.Value, one); err != nil {
			return fmt.Errorf("%s: %w", schemas.Position(r.Topic, r.Partition, r.Offset), err)
		}
		for _, p := range one.Parcels {
			if p.Number == id {
				numbered[one.ShipmentID] = true
			}
		}
		one.To = nil
		all = append(all, one)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		if one.OrderID == id || one.ShipmentID == id || numbered[one.ShipmentID] {
			h.take(one)
		}
	}
	if len(h.shipments) == 0 {
		return nil, fmt.Errorf("%w: give an order id, a shipment as ORDER#REF, or a tracking number", errNoShipment)
	}
	return h, nil
}
