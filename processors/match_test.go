package processors

import (
	"testing"

	"waybill/schemas"
)

// One person, however the address is written; another where only the tag differs, unless the party is told that it does not count.
func TestABuyerIsTheSameHoweverTheAddressIsWritten(t *testing.T) {
	key := func(email string, terms Terms) string {
		order := bought(schemas.StatusReady)
		order.Buyer.Email = email
		return schemas.PersonKey(customerOf(order, terms).Email)
	}
	exact, plain := Terms{}, Terms{WithoutTags: true}
	ana := key("ana@bücher.example", exact)
	for _, same := range []string{" ANA@Bücher.Example ", "ana@xn--bcher-kva.example", "Ana@BÜCHER.example"} {
		if key(same, exact) != ana {
			t.Errorf("%q is somebody else", same)
		}
	}
	for _, tagged := range []string{"ana+shop@bücher.example", "ana+a+b@xn--bcher-kva.example"} {
		if key(tagged, exact) == ana || key(tagged, plain) != ana {
			t.Errorf("%q: the same %v, without its tag %v", tagged, key(tagged, exact) == ana, key(tagged, plain) == ana)
		}
	}
	for _, other := range []string{"+ana@bücher.example", "ana@bucher.example", "ana", "", "a+b"} {
		if key(other, plain) == ana {
			t.Errorf("%q is taken for ana", other)
		}
	}
}
