package schemas

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"strings"
	"testing"
)

// Equal references at two accounts of one marketplace, and at two marketplaces, are four orders.
func TestEqualReferencesAtDifferentAccountsAreDifferentThings(t *testing.T) {
	ids := map[string]bool{}
	for _, party := range []string{"amazon", "amazon-jp", "kaufland", "kaufland-2"} {
		ids[OrderID(party, "4711")] = true
	}
	if len(ids) != 4 {
		t.Errorf("four accounts have %d orders", len(ids))
	}
}

// No two of a hundred thousand references have one key, whatever they hold, and each key leads back.
func TestAKeyLeadsBackToWhatItWasMadeOf(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	word := func(of string) string {
		b := make([]byte, 1+chance.IntN(4))
		for i := range b {
			b[i] = of[chance.IntN(len(of))]
		}
		return string(b)
	}
	kinds := []string{LinkOrder, LinkUnit, LinkCustomer, LinkShipment, LinkTracking}
	made := map[string]string{}
	for range 100_000 {
		party, kind, ref := word("ab-1"), kinds[chance.IntN(len(kinds))], word("a/b-1 ")
		was := strings.Join([]string{party, kind, ref}, "\x00")
		key := LinkKey(party, kind, ref)
		if other, taken := made[key]; taken && other != was {
			t.Fatalf("%q and %q have the key %s", other, was, key)
		}
		made[key] = was
		gotParty, rest, _ := SplitOrderID(key)
		gotKind, gotRef, _ := strings.Cut(rest, "/")
		if gotParty != party || gotKind != kind || gotRef != ref {
			t.Fatalf("%s leads back to %q, %q, %q", key, gotParty, gotKind, gotRef)
		}
		if p, r, ok := SplitOrderID(OrderID(party, ref)); !ok || p != party || r != ref {
			t.Fatalf("order %s leads back to %q, %q", OrderID(party, ref), p, r)
		}
	}
}

// Whatever makes a key here takes the party first: there is no key of a bare number.
func TestEveryKeyIsOfAParty(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "ids.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, d := range file.Decls {
		f, is := d.(*ast.FuncDecl)
		if !is || strings.HasPrefix(f.Name.Name, "Split") {
			continue
		}
		found++
		if first := f.Type.Params.List[0].Names[0].Name; first != "party" {
			t.Errorf("%s takes %s first, not the party", f.Name.Name, first)
		}
	}
	if found < 4 {
		t.Errorf("only %d functions make keys", found)
	}
}
