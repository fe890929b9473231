package processors

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"waybill/schemas"
)

// What was scanned while a shipment was packed is held against what is to be in it: what does not fit gets no label (item 98).

// SettingScans is the setting of a party about what is scanned of what it sells.
const SettingScans = "scans"

// scanned is what somebody has scanned of a shipment, which the ERP may not have said to be ready yet. It stands for all that is in it.
func (r *requesting) scanned(s *schemas.Shipment) (isNews bool) {
	var codes []schemas.PackedArticle
	for _, line := range s.Lines {
		codes = append(codes, schemas.PackedArticle{SKU: line.SKU, Quantity: line.Quantity})
	}
	sh := r.standing(s.Ref)
	isNews = !slices.Equal(sh.Scanned, codes)
	sh.Scanned = codes
	return isNews
}

// isScan tells whether the event is a scan of that shipment.
func (r *requesting) isScan(sh *schemas.ShipmentStanding) bool {
	s, is := r.event.Value.(*schemas.Shipment)
	return is && s.State == schemas.ShipmentScanned && s.Ref == sh.Ref
}

// scanFault is why what was scanned of a shipment holds it, and what is wrong for people; "" if it fits, or nobody has to scan.
func (r *requesting) scanFault(sh *schemas.ShipmentStanding, lines []schemas.ShipmentLine) (why, text string, err error) {
	if len(sh.Scanned) == 0 {
		if r.sources.terms(r.order.Party).Shipping.Scans {
			why = schemas.HeldNotScanned
		}
		return why, whys[why], nil
	}
	left := map[string]int64{}
	for _, code := range sh.Scanned {
		left[plainCode(code.SKU)] += code.Quantity
	}
	lacks := map[string]int64{}
	for _, mine := range lines {
		if err := r.takeLine(mine, left, lacks); err != nil {
			return "", "", err
		}
	}
	for _, article := range sh.Articles { // a gift or a leaflet goes along, and may be scanned
		if !slices.ContainsFunc(r.order.Lines, func(l schemas.Line) bool { return l.Article() == article.SKU }) {
			take(left, []string{article.SKU}, article.Quantity)
		}
	}
	maps.DeleteFunc(left, func(_ string, pieces int64) bool { return pieces == 0 })
	var wrong []string
	if len(lacks) > 0 {
		wrong = append(wrong, "not scanned: "+counted(lacks))
	}
	if len(left) > 0 {
		wrong = append(wrong, "not in it: "+counted(left))
	}
	if wrong == nil {
		return "", "", nil
	}
	return schemas.HeldScanMismatch, "what was scanned is not what is to be in it: " + strings.Join(wrong, "; "), nil
}

// takeLine takes the pieces of a line out of what was scanned, and notes what it lacks: each article that it consists of by itself, or else the line by
// any code of its own.
func (r *requesting) takeLine(mine schemas.ShipmentLine, left, lacks map[string]int64) error {
	at := slices.IndexFunc(r.order.Lines, func(l schemas.Line) bool { return l.LineRef == mine.LineRef })
	if at < 0 {
		return nil
	}
	line := &r.order.Lines[at]
	codes, err := r.codesOf(line)
	if err != nil {
		return err
	}
	single := maps.Clone(left)
	if lacking := takeArticles(line, mine.Quantity, codes, single); len(line.Components) > 0 && len(lacking) == 0 {
		maps.Copy(left, single)
		return nil
	}
	taken := take(left, codes, mine.Quantity)
	if taken > 0 || len(line.Components) == 0 {
		lack(lacks, line.Article(), mine.Quantity-taken)
		return nil
	}
	for code, pieces := range takeArticles(line, mine.Quantity, codes, left) {
		lack(lacks, code, pieces)
	}
	return nil
}

// takeArticles takes what so many pieces of a line consist of. An article alone may be scanned by the codes of the line too.
func takeArticles(line *schemas.Line, pieces int64, codes []string, left map[string]int64) (lacking map[string]int64) {
	lacking = map[string]int64{}
	for _, c := range line.Components {
		of := []string{c.SKU}
		if len(line.Components) == 1 {
			of = append(of, codes...)
		}
		wanted := piecesFor(c, pieces, line.Quantity-line.Cancelled)
		lack(lacking, c.SKU, wanted-take(left, of, wanted))
	}
	return lacking
}

// codesOf are what may be scanned for a piece of a line: the seller's code, the channel's, and the numbers on the goods.
func (r *requesting) codesOf(line *schemas.Line) ([]string, error) {
	codes := append([]string{line.Article(), line.SKU, line.OfferRef, line.ProductRef}, line.EANs...)
	if r.sources.Catalogue == nil {
		return codes, nil
	}
	entry, err := r.sources.Catalogue.Offer(schemas.OfferKey(r.order.Party, OfferOf(line)))
	if err != nil || entry == nil {
		return codes, err
	}
	return append(append(codes, entry.SKU), entry.EANs...), nil
}

// piecesFor is how often an article is scanned for so many pieces of a line of all. What is not counted in whole pieces is scanned once.
func piecesFor(c schemas.Component, pieces, all int64) int64 {
	whole, err := strconv.ParseInt(c.Quantity, 10, 64)
	if err != nil || c.Unit != schemas.UnitPiece || all <= 0 || whole*pieces%all != 0 {
		return 1
	}
	return whole * pieces / all
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

func lack(lacks map[string]int64, code string, pieces int64) {
	if pieces > 0 {
		lacks[code] += pieces
	}
}

// plainCode is a code as it is compared: a GTIN is the same with 8, 12, 13 or 14 digits (GS1 General Specifications §3.3).
func plainCode(code string) string {
	code = strings.TrimSpace(code)
	switch len(code) {
	case 8, 12, 13, 14:
		if !strings.ContainsFunc(code, func(r rune) bool { return r < '0' || r > '9' }) {
			return strings.TrimLeft(code, "0")
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
