package processors

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"waybill/schemas"
)

// goods are pieces in a shipment, as they are scanned.
type goods struct {
	name   string // for people
	codes  []string
	pieces int64
	parts  []goods // what one piece consists of, which may be scanned in its place
	spare  bool    // it goes along, and needs no scan
}

// toScan are those of a shipment: the lines, and what the ERP says goes along with them. If it says that nothing in it was ordered, what it names was
// packed instead of the one line.
func (r *requesting) toScan(sh *schemas.ShipmentStanding, lines []schemas.ShipmentLine) (all []goods, err error) {
	var strange []goods
	for _, article := range sh.Articles {
		if slices.ContainsFunc(r.order.Lines, func(l schemas.Line) bool { return l.Article() == article.SKU }) {
			continue
		}
		codes, err := r.codesOn(article.SKU)
		if err != nil {
			return nil, err
		}
		strange = append(strange, goods{name: article.SKU, codes: codes, pieces: article.Quantity})
	}
	instead := len(strange) > 0 && len(strange) == len(sh.Articles)
	for _, mine := range lines {
		at := slices.IndexFunc(r.order.Lines, func(l schemas.Line) bool { return l.LineRef == mine.LineRef })
		if at < 0 {
			continue
		}
		one, err := r.goodsOf(&r.order.Lines[at], mine.Quantity)
		if err != nil {
			return nil, err
		}
		if instead && len(strange) == 1 { // it may be the same by another code
			strange[0].codes = append(strange[0].codes, one.codes...)
		}
		all = append(all, one)
	}
	if instead {
		return strange, nil
	}
	for i := range strange {
		strange[i].spare = true // a gift or a leaflet
	}
	return append(all, strange...), nil
}

// goodsOf are pieces of a line: by the seller's code, the channel's, or a number on it; or by the articles that it consists of.
func (r *requesting) goodsOf(line *schemas.Line, pieces int64) (goods, error) {
	one := goods{name: line.Article(), pieces: pieces, codes: append([]string{line.Article(), line.SKU, line.OfferRef, line.ProductRef}, line.EANs...)}
	var entry *schemas.CatalogueEntry
	if r.sources.Catalogue != nil {
		var err error
		if entry, err = r.sources.Catalogue.Offer(schemas.OfferKey(r.order.Party, OfferOf(line))); err != nil {
			return one, err
		}
	}
	for _, c := range line.Components {
		codes, err := r.codesOn(c.SKU)
		if err != nil {
			return one, err
		}
		one.parts = append(one.parts, goods{name: c.SKU, codes: codes, pieces: piecesInOne(c, line.Quantity-line.Cancelled)})
	}
	isOne := len(one.parts) == 1
	switch {
	case entry == nil:
	case isOne && len(entry.Components) == 0: // the numbers are on the article
		one.parts[0].codes = append(append(one.parts[0].codes, entry.SKU), entry.EANs...)
	default:
		one.codes = append(append(one.codes, entry.SKU), entry.EANs...)
	}
	if isOne && one.parts[0].pieces == 1 {
		one.name, one.codes, one.parts = one.parts[0].name, append(one.codes, one.parts[0].codes...), nil
	}
	for _, part := range one.parts { // what an article is known by is not the whole
		one.codes = slices.DeleteFunc(one.codes, func(code string) bool {
			return slices.ContainsFunc(part.codes, func(of string) bool { return plainCode(of) == plainCode(code) })
		})
	}
	return one, nil
}

// codesOn are the SKU of an article, and the numbers on it, if the party sells it under its SKU too.
func (r *requesting) codesOn(sku string) ([]string, error) {
	if r.sources.Catalogue == nil {
		return []string{sku}, nil
	}
	entry, err := r.sources.Catalogue.Offer(schemas.OfferKey(r.order.Party, sku))
	if err != nil || entry == nil || entry.SKU != sku {
		return []string{sku}, err
	}
	return append([]string{sku}, entry.EANs...), nil
}

// piecesInOne is how often an article is scanned for one of all pieces of a line. What is not counted in whole pieces is scanned once.
func piecesInOne(c schemas.Component, all int64) int64 {
	whole, err := strconv.ParseInt(c.Quantity, 10, 64)
	if err != nil || c.Unit != schemas.UnitPiece || all <= 0 || whole%all != 0 {
		return 1
	}
	return whole / all
}

// matchScan holds what was scanned against goods: what they lack, and what is left that is none of them.
func matchScan(scanned []schemas.PackedArticle, all []goods) (lacks, left map[string]int64) {
	lacks, left = map[string]int64{}, map[string]int64{}
	for _, code := range scanned {
		left[plainCode(code.SKU)] += code.Quantity
	}
	for _, one := range all {
		taken := take(left, one.codes, one.pieces)
		rest := one.pieces - taken
		if one.spare || rest == 0 {
			continue
		}
		parts, after := map[string]int64{}, maps.Clone(left)
		for _, part := range one.parts {
			if lacking := rest*part.pieces - take(after, part.codes, rest*part.pieces); lacking > 0 {
				parts[part.name] += lacking
			}
		}
		if one.parts == nil || taken > 0 && len(parts) > 0 { // it was begun with as a whole
			lacks[one.name] += rest
			continue
		}
		left = after
		for name, lacking := range parts {
			lacks[name] += lacking
		}
	}
	maps.DeleteFunc(left, func(_ string, pieces int64) bool { return pieces == 0 })
	return lacks, left
}

// take takes up to so many pieces with one of those codes.
func take(left map[string]int64, codes []string, most int64) (taken int64) {
	for _, code := range codes {
		code = plainCode(code)
		some := min(left[code], most-taken)
		if code == "" || some <= 0 {
			continue
		}
		left[code] -= some
		taken += some
	}
	return taken
}

// plainCode is a code as it is compared: a GTIN is the same with 8, 12, 13 or 14 digits (GS1 General Specifications §3.3).
func plainCode(code string) string {
	code = strings.TrimSpace(code)
	switch len(code) {
	case 8, 12, 13, 14:
		if !strings.ContainsFunc(code, func(r rune) bool { return r < '0' || r > '9' }) {
			return cmp.Or(strings.TrimLeft(code, "0"), code)
		}
	}
	return code
}

// codesSaid bounds how many codes are named.
const codesSaid = 10

func counted(codes map[string]int64) string {
	var said []string
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		if len(said) == codesSaid {
			said = append(said, "…")
			break
		}
		said = append(said, fmt.Sprintf("%d × %s", codes[code], code))
	}
	return strings.Join(said, ", ")
}
