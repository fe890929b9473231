package processors

import (
	"cmp"
	"strconv"
	"strings"

	"waybill/schemas"
)

// What an order waits for, with the key of the entry behind it: one that is not in id.catalogue, or another one than the faulty one of
// that time that is there.
const (
	waitsForPair   = "pair "
	waitsForChange = "another pair than that of "
)

// came tells whether the pair has come that an order waits for.
func (s *Sources) came(what string) (bool, error) {
	if s.Catalogue == nil {
		return false, nil
	}
	if key, is := strings.CutPrefix(what, waitsForPair); is {
		entry, err := s.Catalogue.Offer(key)
		return entry != nil, err
	}
	faulty, is := strings.CutPrefix(what, waitsForChange)
	if !is {
		return false, nil
	}
	at, key, _ := strings.Cut(faulty, " ")
	entry, err := s.Catalogue.Offer(key)
	return entry != nil && entry.At.String() != at, err
}

// enrich says of each line which articles leave the warehouse for it. What somebody else ships needs none. An order whose offers must
// be known waits for the first that is not; nothing else waits with it.
func (n *normalizing) enrich(order *schemas.Order) error {
	if n.sources.Catalogue == nil {
		return nil
	}
	var faults schemas.Faults
	waitsFor := ""
	for i := range order.Lines {
		line := &order.Lines[i]
		if line.FulfilledBy == schemas.FulfilledByChannel {
			continue
		}
		key := schemas.OfferKey(order.Party, OfferOf(line))
		fault, what, err := n.pair(order, i, key)
		if err != nil {
			return err
		}
		if fault != nil {
			faults.Add(fault.Code, fault.Path, "%s", fault.Text)
			waitsFor = cmp.Or(waitsFor, what)
		}
	}
	if waitsFor == "" || order.Status == schemas.StatusCancelled {
		return nil
	}
	return Park(waitsFor, 0, schemas.ClassMissingPair, faults)
}

// OfferOf is the offer's reference; channels that have none go by the article number.
func OfferOf(line *schemas.Line) string {
	if line.OfferRef != "" {
		return line.OfferRef
	}
	return line.SKU
}

// pair looks one line up. The fault is why the order has to wait, and waitsFor what for.
func (n *normalizing) pair(order *schemas.Order, i int, key string) (fault *schemas.Fault, waitsFor string, err error) {
	line := &order.Lines[i]
	entry, err := n.sources.Catalogue.Offer(key)
	if err != nil {
		return nil, "", err
	}
	path := "$.lines[" + strconv.Itoa(i) + "]"
	if entry == nil {
		if !n.terms.PairsRequired {
			return nil, "", nil
		}
		return &schemas.Fault{Code: "missing_pair", Path: path, Text: "offer " + OfferOf(line) + " (SKU " + line.SKU +
			") has no pair in id.catalogue: 'waybill idmap put' sets it, and the order goes on"}, waitsForPair + key, nil
	}
	components, err := explode(line, entry)
	if err != nil {
		return &schemas.Fault{Code: "faulty_pair", Path: path, Text: "the pair of offer " + OfferOf(line) + " does not work out: " + err.Error()},
			waitsForChange + entry.At.String() + " " + key, nil
	}
	line.Components = components
	if entry.Price != nil && *entry.Price != line.UnitPrice {
		(*schemas.Faults)(&order.Warnings).Add("price_differs", path, "paid %s %s a piece, the catalogue asks %s %s",
			line.UnitPrice, line.UnitPrice.Currency, entry.Price, entry.Price.Currency)
	}
	return nil, "", nil
}
