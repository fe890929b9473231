package processors

import (
	"fmt"
	"strings"
	"testing"

	"waybill/schemas"
)

// piecesOf are the pieces that a shipment is asked for with, by line.
func piecesOf(said []*schemas.Shipment) string {
	if len(said) != 1 {
		return words(said)
	}
	each := []string{strings.TrimSuffix(said[0].State+"/"+said[0].Reason, "/")}
	for _, l := range said[0].Lines {
		each = append(each, fmt.Sprintf("%s×%d", l.LineRef, l.Quantity))
	}
	return strings.Join(each, " ")
}

// What the ERP says is packed decides over which lines are in a shipment, whatever people have changed there; nothing is told of what is not.
func TestAShipmentTakesTheLinesOfWhatIsPacked(t *testing.T) {
	packed := func(said string) (articles []schemas.PackedArticle) {
		for each := range strings.FieldsSeq(said) {
			var a schemas.PackedArticle
			if _, err := fmt.Sscanf(each, "%d×%s", &a.Quantity, &a.SKU); err != nil {
				t.Fatal(err)
			}
			articles = append(articles, a)
		}
		return articles
	}
	for _, c := range []struct {
		name     string
		articles []schemas.PackedArticle
		one, two string // of an order of one line, 2 × MUG, and of one with 3 × TEA and a download too
	}{
		{"the ERP does not say", nil, "requested 1×2", "requested 1×2 2×3"},
		{"all of it", packed("2×MUG 3×TEA"), "requested 1×2", "requested 1×2 2×3"},
		{"a part of it", packed("1×TEA"), "requested 1×1", "requested 2×1"},
		{"with a gift", packed("2×MUG 1×LEAFLET"), "requested 1×2", "requested 1×2"},
		{"something else", packed("1×CUP"), "requested 1×1", "held/unknown_article"},
		{"more of something else than was ordered", packed("7×CUP"), "requested 1×2", "held/unknown_article"},
		{"more than was ordered", packed("3×MUG"), "held/nothing_left", "held/nothing_left"},
		{"what is downloaded", packed("1×SONG"), "requested 1×1", "held/nothing_left"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newShipping(t)
			ready := schemas.Readied{Grams: 500, Articles: c.articles}
			if got := piecesOf(s.erp(schemas.ERPReady, "17", "r1", ready)); got != c.one {
				t.Errorf("of one line: %s, want %s", got, c.one)
			}
			s = newShipping(t)
			s.amend(func(o *schemas.Order) {
				tea, song := o.Lines[0], o.Lines[0]
				tea.LineRef, tea.SKU, tea.OfferRef, tea.Quantity = "2", "", "TEA", 3
				song.LineRef, song.SKU, song.FulfilledBy = "3", "SONG", schemas.FulfilledByDownload
				o.Lines = append(o.Lines, tea, song)
			})
			if got := piecesOf(s.erp(schemas.ERPReady, "17", "r1", ready)); got != c.two {
				t.Errorf("of three lines: %s, want %s", got, c.two)
			}
		})
	}
}

// An order that leaves in parts has left once the last of its pieces has, each counted for the shipment it is in.
func TestAnOrderLeavesInParts(t *testing.T) {
	s := newShipping(t)
	s.amend(func(o *schemas.Order) { o.Lines[0].Quantity, o.Lines[0].UnitRefs = 3, []string{"u1", "u2", "u3"} })
	for _, c := range []struct {
		ref    string
		pieces int64
		want   string
		units  string
	}{{"17", 2, "requested 1×2", "[u1 u2]"}, {"18", 2, "held/nothing_left", ""}, {"18", 1, "requested 1×1", "[u3]"}} {
		said := s.erp(schemas.ERPReady, c.ref, fmt.Sprint(c.pieces), schemas.Readied{Grams: 500, Articles: []schemas.PackedArticle{{SKU: "MUG", Quantity: c.pieces}}})
		if got := piecesOf(said); got != c.want || c.units != "" && fmt.Sprint(said[0].Lines[0].UnitRefs) != c.units {
			t.Errorf("%d pieces in %s: %s, want %s with %s", c.pieces, c.ref, got, c.want, c.units)
		}
	}
}
