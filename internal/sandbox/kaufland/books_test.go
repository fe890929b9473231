package kaufland

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// read makes of an answer what a reader must, without trusting the generator's books.
func read(v view) (total int64, lines int, revision string, statuses []string) {
	var left, everything int64
	groups := map[string]bool{}
	for _, u := range v.Data.Units {
		everything += u.Price + u.Shipping
		if u.Status != "cancelled" {
			left += u.Price + u.Shipping
		}
		article := "offer "
		if u.Offer != nil {
			article += *u.Offer
		} else {
			article = fmt.Sprint("product ", u.Product.ID)
		}
		groups[fmt.Sprint(article, " at ", u.Price, u.Status == "cancelled")] = true
		revision = max(revision, u.Updated)
		if !slices.Contains(statuses, u.Status) {
			statuses = append(statuses, u.Status)
		}
	}
	if slices.Equal(statuses, []string{"cancelled"}) {
		left = everything
	}
	return left, len(groups), revision, statuses
}

func TestTheBooksSayWhatTheUnitsSay(t *testing.T) {
	partly, mixed := 0, 0
	for n := range uint64(3000) {
		for version := 1; version <= 4; version++ {
			sheet := Market(9).Order(n, version)
			v := look(t, sheet.Body)
			total, lines, revision, statuses := read(v)
			stated, err := strconv.ParseInt(strings.Replace(sheet.Total, ".", "", 1), 10, 64)
			if err != nil || stated != total || sheet.Total[len(sheet.Total)-3] != '.' || total <= 0 {
				t.Fatalf("order %d comes to %d, the books say %s", n, total, sheet.Total)
			}
			if sheet.Ref != v.Data.ID || sheet.Lines != lines || sheet.Revision != revision || sheet.Status != strings.Join(statuses, "+") {
				t.Fatalf("%d lines, revision %s, %v; the books say %+v\n%s", lines, revision, statuses, sheet, sheet.Body)
			}
			if v.Data.UnitsUpdated != "" && v.Data.UnitsUpdated != revision || v.Data.Count != nil && *v.Data.Count != len(v.Data.Units) {
				t.Fatalf("order %d says other things of its units than they: %s", n, sheet.Body)
			}
			for _, u := range v.Data.Units {
				if u.Currency != sheet.Currency || u.Order != sheet.Ref || (u.Reason != nil) != (u.Status == "cancelled") {
					t.Fatalf("unit %d does not fit its order: %s", u.ID, sheet.Body)
				}
			}
			if len(statuses) > 1 {
				mixed++
				if slices.Contains(statuses, "cancelled") {
					partly++
				}
			}
		}
	}
	if mixed == 0 || partly == 0 {
		t.Errorf("%d orders with units of several statuses, %d cancelled in part", mixed, partly)
	}
}

func TestEveryVersionIsLaterAndNoAddressIsLost(t *testing.T) {
	cancelled, released := 0, 0
	for n := range uint64(2000) {
		var before view
		var was []string
		var at time.Time
		for version := 1; version <= 6; version++ {
			sheet := Market(10).Order(n, version)
			now := look(t, sheet.Body)
			_, _, _, is := read(now)
			updated, err := time.Parse(time.RFC3339, sheet.Revision)
			if err != nil || updated.Before(at.Add(time.Second)) {
				t.Fatalf("order %d, version %d: %s is not a second after %s, %v", n, version, sheet.Revision, at, err)
			}
			at = updated
			all := slices.Equal(is, []string{"cancelled"})
			if version > 1 {
				if sheet.Cancels != (all && !slices.Equal(was, is)) {
					t.Fatalf("order %d, version %d: cancels %v from %v to %v", n, version, sheet.Cancels, was, is)
				}
				if !all && before.Data.ShipTo != nil && now.Data.ShipTo == nil {
					t.Fatalf("order %d has lost its address", n)
				}
				if sheet.Cancels {
					cancelled++
				}
				if slices.Contains(was, "open") && slices.Contains(is, "need_to_be_sent") {
					released++
				}
			}
			if open := slices.Contains(is, "open"); open && now.Data.ShipTo != nil || !open && !all && now.Data.ShipTo == nil {
				t.Fatalf("order %d, version %d is %v, its address %v", n, version, is, now.Data.ShipTo)
			}
			before, was = now, is
		}
	}
	if cancelled == 0 || released == 0 {
		t.Errorf("%d cancelled, %d released", cancelled, released)
	}
}

func TestNoTwoOrdersShareAReferenceAndNoTwoPiecesAnID(t *testing.T) {
	refs, ids := map[string]bool{}, map[int64]bool{}
	for number := range uint64(100_000) {
		ref, id := Market(3).reference(number), Market(3).unitID(number, int(number%unitsMax))
		if refs[ref] || ids[id] || len(ref) != 7 || len(strconv.FormatInt(id, 10)) != 15 {
			t.Fatalf("order %d is %s, its piece %d: taken or not of the usual length", number, ref, id)
		}
		refs[ref], ids[id] = true, true
	}
	if early, late := Market(3).reference(5), Market(3).reference(5+36*36*36*36*36*36/64); early == late || len(late) != 8 {
		t.Errorf("%s comes again as %s", early, late)
	}
	for n := range uint64(500) {
		pieces := look(t, Market(3).Order(n, 1).Body).Data.Units
		for i, u := range pieces {
			if slices.ContainsFunc(pieces[:i], func(o unitView) bool { return o.ID == u.ID }) {
				t.Fatalf("order %d has piece %d twice", n, u.ID)
			}
		}
	}
}
