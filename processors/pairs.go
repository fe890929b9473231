package processors

import (
	"strconv"
	"strings"

	"waybill/schemas"
)

// waitsForPair is what an order waits for whose offer is not in id.catalogue: the key of the entry that is missing.
const waitsForPair = "pair "

// came tells whether the pair has come that an order waits for.
func (s *Sources) came(what string) (bool, error) {
	key, is := strings.CutPrefix(what, waitsForPair)
	if !is || s.Catalogue == nil {
		return false, nil
	}
	entry, err := s.Catalogue.Offer(key)
	return entry != nil, err
}

// enrich says of each line which articles leave the warehouse for it. What somebody else ships needs none. An order whose offers must
// be known waits for the first that is not; nothing else waits with it.
func (n *normalizing) enrich(order *schemas.Order) error {
	if n.sources.Catalogue == nil {
		return nil
	}
	var faults schemas.Faults
	missing := ""
	for i := range order.Lines {
		line := &order.Lines[i]
		if line.FulfilledBy == schemas.FulfilledByChannel {
			continue
		}
		key := schemas.OfferKey(order.Party, OfferOf(line))
		fault, err := n.pair(order, i, key)
		if err != nil {
			return err
		}
		if fault != nil {
			faults.Add(fault.Code, fault.Path, "%s", fault.Text)
			if missing == "" {
				missing = key
			}
		}
	}
	if missing == "" || order.Status == schemas.StatusCancelled {
		return nil
	}
	return Park(waitsForPair+missing, 0, schemas.ClassMissingPair, faults)
}

// OfferOf is the offer's reference; channels that have none go by the article number.
func OfferOf(line *schemas.Line) string {
	if line.OfferRef != "" {
		return line.OfferRef
	}
	return line.SKU
}

// pair looks one line up. The fault is why the order has to wait.
func (n *normalizing) pair(order *schemas.Order, i int, key string) (*schemas.Fault, error) {
	line := &order.Lines[i]
	entry, err := n.sources.Catalogue.Offer(key)
	if err != nil {
		return nil, err
	}
	path := "$.lines[" + strconv.Itoa(i) + "]"
	if entry == nil {
		if !n.terms.PairsRequired {
			return nil, nil
		}
		return &schemas.Fault{Code: "missing_pair", Path: path, Text: "offer " + OfferOf(line) + " (SKU " + line.SKU +
			") has no pair in id.catalogue: 'waybill idmap put' sets it, and the order goes on"}, nil
	}
	components, err := explode(line, entry)
	if err != nil {
		return &schemas.Fault{Code: "faulty_pair", Path: path, Text: "the pair of offer " + OfferOf(line) + " does not work out: " + err.Error()}, nil
	}
	line.Components = components
	if entry.Price != nil && *entry.Price != line.UnitPrice {
		(*schemas.Faults)(&order.Warnings).Add("price_differs", path, "paid %s %s a piece, the catalogue asks %s %s",
			line.UnitPrice, line.UnitPrice.Currency, entry.Price, entry.Price.Currency)
	}
	return nil, nil
}
