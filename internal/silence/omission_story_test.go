package silence

import (
	"encoding/json"
	"fmt"
	"time"

	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// sellers are the parties that sell. The last falls silent.
var sellers = []string{"allegro", "kaufland", "shopify", "corner"}

// life is an order on its way, and what of it is left out.
type life struct {
	order   *schemas.Order
	omitted string    // "" of one that goes as it should
	due     time.Time // when what was left out had to come; zero before it was left out
	found   time.Time // when that was said
	alarms  []string  // all that was said to be late
	readyAt time.Time
	labels  map[string]int64 // generation of the last, by shipment
	gone    bool             // cancelled
}

// omission is something that is left out, and what that has to be called.
type omission struct {
	kind  string
	what  string
	party string // that has not confirmed it
}

// omissions are along the life of an order.
var omissions = []omission{
	{"notice", schemas.MissingNotice, ""},            // its push is lost, and the sweep comes by
	{"ready", schemas.MissingReady, ""},              // the channel never says that it is paid
	{"customer", schemas.MissingPlaced, ""},          // the ERP does not answer
	{"order", schemas.MissingPlaced, ""},             // the ERP has the customer, and never the order
	{"accept", schemas.MissingAccepted, ""},          // the channel does not take our word
	{"cancel", schemas.MissingConfirmed, "erp"},      // the ERP does not hear that it is cancelled
	{"amend", schemas.MissingConfirmed, "erp"},       // nor that it goes elsewhere
	{"packed", schemas.MissingHandedOver, ""},        // the ERP never says that it is packed
	{"weight", schemas.MissingWeight, ""},            // nobody weighs it
	{"book", schemas.MissingConfirmed, "dhl"},        // the carrier does not answer
	{"complete", schemas.MissingConfirmed, "inpost"}, // the carrier has it, and never makes a label
	{"void", schemas.MissingConfirmed, "dhl"},        // the carrier does not take a label back
	{"print", schemas.MissingConfirmed, "pack-1"},    // the printer is off
	{"tracking", schemas.MissingConfirmed, "erp"},    // the ERP does not hear of the number
	{"ship", schemas.MissingShipped, "channel"},      // the channel refuses the number: its call is in the trash
	{"pickup", schemas.MissingHandedOver, ""},        // no driver comes
	{"scan", schemas.MissingScan, ""},                // the carrier never sees it
	{"news", schemas.MissingNews, ""},                // the carrier says nothing any more
	{"status", schemas.MissingConfirmed, "channel"},  // the channel does not hear that it is delivered
	{"delivered", schemas.MissingConfirmed, "erp"},   // nor the ERP
}

// agreed is what the sellers have settled, and how the bodies of this world are read.
func (w *world) agreed(within waits) processors.Sources {
	shipping, err := processors.NewShipping(map[string]string{processors.SettingShipWith: "PL=inpost, dhl"})
	if err != nil {
		w.Fatal(err)
	}
	return processors.Sources{
		Terms: func(party string) processors.Terms {
			if party == "dhl" || party == "inpost" {
				return processors.Terms{
					Carriage: &processors.Carriage{Carrier: party, ParcelsMax: 10, Printer: "pack-1"},
					Watch:    processors.Watch{FirstScan: within.scan, Silence: within.news, Unmatched: 7 * 24 * time.Hour},
				}
			}
			return processors.Terms{
				Ships: true, Shipping: shipping, Acceptance: processors.Acceptance{Within: within.accepted, Provisional: true},
				Expectations: processors.Expectations{Ready: within.ready, Placed: within.placed},
				Words:        map[string]schemas.Word{schemas.ParcelDelivered: {Send: "DELIVERED"}},
			}
		},
		Tracked: func(raw *schemas.RawTracking) (tracked schemas.Tracked, err error) {
			var scan schemas.Scan
			err = json.Unmarshal(raw.Body.Bytes, &scan)
			return schemas.Tracked{Scans: []schemas.Scan{scan}}, err
		},
		Packed: func(raw *schemas.ERPRaw) (r schemas.Readied, err error) {
			return r, json.Unmarshal(raw.Body.Bytes, &r)
		},
	}
}

// buy is an order that comes now.
func (w *world) buy(party, omitted string) {
	w.sells(party)
	id := fmt.Sprintf("%s/%d", party, len(w.orders))
	eur := func(minor int64) schemas.Money { return schemas.Money{Minor: minor, Currency: "EUR"} }
	country := "DE"
	if omitted == "complete" || omitted != "book" && omitted != "void" && w.random.IntN(3) == 0 {
		country = "PL"
	}
	l := &life{omitted: omitted, labels: map[string]int64{}, order: &schemas.Order{
		OrderID: id, Party: party, Channel: party, Ref: id[len(party)+1:], Revision: "1", Status: schemas.StatusReady, PlacedAt: schemas.At(w.now),
		ShipBy: new(schemas.At(w.now.Add(48 * time.Hour))), Total: eur(2500), Buyer: &schemas.Person{Email: id + "@buyer.example"},
		ShipTo: &schemas.Person{Name: "Ana", Street: "Long 1", PostalCode: "10115", City: "Town", Country: country},
		Lines:  []schemas.Line{{LineRef: "1", SKU: "MUG", Quantity: 2, UnitPrice: eur(1000), LineTotal: eur(2000)}, {LineRef: "2", SKU: "TEA", Quantity: 1, UnitPrice: eur(500), LineTotal: eur(500)}},
	}}
	w.orders[id] = l
	if omitted == "ready" || w.random.IntN(4) == 0 {
		l.order.Status = schemas.StatusPending
	}
	if omitted == "notice" {
		l.due = w.now.Add(sweepTime)
		return
	}
	w.say(l)
	w.follow(l)
}

// follow is what comes of an order that is known: it is paid sooner or later.
func (w *world) follow(l *life) {
	switch {
	case l.omitted == "ready":
		l.due = w.now.Add(usualWaits().ready)
	case l.order.Status == schemas.StatusPending:
		w.in(w.about(time.Hour), func() { l.amend(func(o *schemas.Order) { o.Status = schemas.StatusReady }); w.say(l); w.goOn(l) })
	default:
		w.goOn(l)
	}
}

// say is what the channel says of an order as it is now, of some twice.
func (w *world) say(l *life) {
	for range 1 + w.random.IntN(10)/9 {
		w.send(topics.Message{Topic: topics.OrdersNormalized, Key: l.order.OrderID, Value: l.order})
	}
}

// amend changes an order, of which the steps have the earlier version.
func (l *life) amend(change func(*schemas.Order)) {
	changed := *l.order
	to := *changed.ShipTo
	changed.ShipTo = &to
	change(&changed)
	l.order = &changed
}

// goOn is what comes of an order that is ready: some are amended or cancelled, the others are packed.
func (w *world) goOn(l *life) {
	l.readyAt = w.now
	chance := w.random.IntN(100)
	if l.omitted != "" && l.omitted != "cancel" && l.omitted != "amend" {
		chance = 100
	}
	switch {
	case l.omitted == "cancel", l.omitted != "amend" && chance < 3:
		w.in(w.between(time.Hour, 2*time.Hour), func() { w.cancel(l) })
	case l.omitted == "amend", chance < 6:
		w.in(w.between(time.Hour, 2*time.Hour), func() { l.amend(func(o *schemas.Order) { o.ShipTo.City = "Elsewhere" }); w.say(l) })
	}
	if l.omitted == "packed" {
		l.due = l.order.ShipBy.Time()
		return
	}
	last := min(20*time.Hour, l.order.ShipBy.Time().Sub(w.now)-10*time.Hour)
	if last < 3*time.Hour { // it was paid for late: somebody hurries
		last = 3 * time.Hour
	}
	if w.random.IntN(20) == 0 && l.omitted == "" {
		w.in(w.between(2*time.Hour, last), func() { w.erp(l, schemas.ERPReady, "S1", 900, schemas.PackedArticle{SKU: "MUG", Quantity: 2}) })
		w.in(w.between(2*time.Hour, last), func() { w.erp(l, schemas.ERPReady, "S2", 300, schemas.PackedArticle{SKU: "TEA", Quantity: 1}) })
		return
	}
	w.in(w.between(2*time.Hour, last), func() {
		grams := int64(1200)
		if l.omitted == "weight" {
			grams, l.due = 0, w.now
		}
		w.erp(l, schemas.ERPReady, "S1", grams)
	})
}

func (w *world) cancel(l *life) {
	l.gone = true
	l.amend(func(o *schemas.Order) { o.Status = schemas.StatusCancelled })
	w.say(l)
}

// erp is what the ERP says of a shipment. What is cancelled, nobody packs.
func (w *world) erp(l *life, kind, ref string, grams int64, articles ...schemas.PackedArticle) {
	if l.gone {
		return
	}
	body, err := json.Marshal(schemas.Readied{Grams: grams, Articles: articles})
	if err != nil {
		w.Fatal(err)
	}
	raw := &schemas.ERPRaw{Party: topics.ERP, Kind: kind, Ref: ref, OrderID: l.order.OrderID, Revision: kind, ReceivedAt: schemas.At(w.now), Body: schemas.Body{Bytes: body}}
	w.send(topics.Message{Topic: topics.ERPRaw, Key: l.order.OrderID, Value: raw})
}

// pack is what people do with a shipment: one that lost its label gets another; one that has it a driver takes along, and the carrier sees
// it. Of some the buyer thinks better, or moves.
func (w *world) pack(s *schemas.Shipment) {
	l := w.orders[s.OrderID]
	switch {
	case s.State == schemas.ShipmentHeld && s.Reason == schemas.HeldVoided && l.omitted == "":
		again := &schemas.Shipment{ShipmentID: s.ShipmentID, OrderID: s.OrderID, Ref: s.Ref, State: schemas.ShipmentAgain, Generation: s.Generation}
		w.in(time.Hour, func() { w.send(topics.Message{Topic: topics.Shipments, Key: s.OrderID, Value: again}) })
		return
	case s.State != schemas.ShipmentLabelled:
		return
	}
	l.labels[s.Ref] = s.Generation
	switch {
	case l.omitted == "void":
		w.in(time.Hour, func() { l.amend(func(o *schemas.Order) { o.ShipTo.City = "Elsewhere" }); w.say(l) })
		return
	case l.omitted == "" && w.random.IntN(100) == 0:
		w.in(time.Hour, func() { w.cancel(l) })
	case l.omitted == "pickup":
		l.due = l.order.ShipBy.Time()
		return
	case l.omitted == "scan":
		l.due = w.now.Add(usualWaits().scan)
	}
	w.in(w.between(90*time.Minute, 6*time.Hour), func() {
		if l.gone || l.labels[s.Ref] != s.Generation {
			return
		}
		w.erp(l, schemas.ERPGone, s.Ref, 1200)
		if l.omitted == "scan" {
			return
		}
		for _, p := range s.Parcels {
			w.in(w.between(5*time.Minute, 8*time.Hour), func() { w.travel(l, s.Carrier, p.Number, parcelTravels) })
		}
	})
}

// parcelTravels are the scans of a parcel, one after the other.
var parcelTravels = []string{schemas.ParcelPickedUp, schemas.ParcelInTransit, schemas.ParcelOutForDelivery, schemas.ParcelDelivered}

// travel has a carrier push one scan, and after a while the next.
func (w *world) travel(l *life, carrier, number string, scans []string) {
	scan := schemas.Scan{Carrier: carrier, Number: number, Status: scans[0], At: schemas.At(w.now), Code: scans[0], Known: true, Terminal: scans[0] == schemas.ParcelDelivered}
	body, err := json.Marshal(scan)
	if err != nil {
		w.Fatal(err)
	}
	w.send(topics.Message{Topic: topics.TrackingRaw, Key: schemas.LinkKey(carrier, schemas.LinkTracking, number), Value: &schemas.RawTracking{
		Party: carrier, Carrier: carrier, Number: number, Origin: schemas.OriginWebhook, ReceivedAt: schemas.At(w.now), Proven: true, Body: schemas.Body{Bytes: body},
	}})
	if l.omitted == "news" {
		l.due = w.now.Add(usualWaits().news)
		return
	}
	if len(scans) > 1 {
		w.in(w.between(time.Hour, 40*time.Hour), func() { w.travel(l, carrier, number, scans[1:]) })
	}
}
