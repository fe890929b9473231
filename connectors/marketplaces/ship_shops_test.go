package marketplaces_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"waybill/connectors/marketplaces"
	"waybill/connectors/remote"
	"waybill/internal/sandbox/fault"
	sandboxserver "waybill/internal/sandbox/server"
	"waybill/schemas"
)

// shops are the channels whose API the sandbox plays from the same shelf, and what it calls their credentials.
var shops = map[string]map[string]string{
	"ebay":    {marketplaces.SettingClient: "client_id", marketplaces.SettingSecret: "client_secret", marketplaces.SettingRefresh: "refresh_token"},
	"shopify": {marketplaces.SettingSecret: "token"},
}

// playedShop is one of them that has sold orders, a minute ago.
type playedShop struct {
	*sandboxserver.Server
	t        *testing.T
	channel  string
	settings map[string]string
}

func playShop(t *testing.T, channel string, orders int) *playedShop {
	t.Helper()
	s, err := sandboxserver.New(sandboxserver.Options{Seed: 7, Orders: orders, Now: func() time.Time { return time.Now().Add(-time.Minute) }})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Handler())
	t.Cleanup(func() { s.Close(); server.Close() })
	p := &playedShop{Server: s, t: t, channel: channel, settings: map[string]string{}}
	for _, played := range s.Parties(server.URL) {
		if played.Party != channel {
			continue
		}
		p.settings[marketplaces.SettingURL], p.settings[marketplaces.SettingLogin] = played.URL, played.Login
		for setting, made := range shops[channel] {
			p.settings[setting] = played.Made[made]
		}
	}
	return p
}

func (p *playedShop) account() marketplaces.Account {
	p.t.Helper()
	account, _, err := marketplaces.OpenAccount(p.channel, p.settings)
	if err != nil {
		p.t.Fatal(err)
	}
	return account
}

// open are orders that are to be shipped.
func (p *playedShop) open(most int) (orders []*schemas.Order) {
	p.t.Helper()
	account := p.account()
	changed, err := account.Changed(p.t.Context(), time.Time{})
	if err != nil {
		p.t.Fatal(err)
	}
	for _, one := range changed {
		if order := fetched(p.t, p.channel, account, one.Ref); order.Status == schemas.StatusReady && len(orders) < most {
			orders = append(orders, order)
		}
	}
	if len(orders) < most {
		p.t.Fatalf("%d of %d are to be shipped", len(orders), most)
	}
	return orders
}

const shipped = "fulfillment.ship"

func eachShop(t *testing.T, do func(t *testing.T, channel string)) {
	for channel := range shops {
		t.Run(channel, func(t *testing.T) { do(t, channel) })
	}
}

func TestAParcelIsToldToAShopOnceHoweverOftenItIsSaid(t *testing.T) {
	eachShop(t, func(t *testing.T, channel string) {
		p := playShop(t, channel, 20)
		account := p.account()
		shipper, order := shipperOf(t, account), p.open(1)[0]
		what := parcelOf(order.Ref, "dhl", "JJD 0003-9000 7")
		if _, err := shipper.Shipped(t.Context(), what); !errors.Is(err, remote.ErrAbsent) {
			t.Fatalf("before: %v", err)
		}
		for range 2 {
			if _, err := shipper.Ship(t.Context(), what); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := shipper.Shipped(t.Context(), what); err != nil {
			t.Errorf("after: %v", err)
		}
		after := fetched(t, channel, account, order.Ref)
		if after.Status != schemas.StatusShipped || after.Revision == order.Revision {
			t.Errorf("the order is %s", after.ChannelStatus)
		}
		if sums := p.Books()[channel].Operations[shipped]; sums.Effects != 1 {
			t.Errorf("%+v", sums)
		}
		if _, err := shipper.Ship(t.Context(), parcelOf(order.Ref, "dhl", "another")); failureOf(t, err).Class != remote.Business {
			t.Errorf("another parcel of nothing: %v", err)
		}
		if _, err := shipper.Ship(t.Context(), parcelOf("1", "dhl", "x")); !errors.Is(err, remote.ErrAbsent) {
			t.Errorf("of an order that there is not: %v", err)
		}
	})
}

func TestEachParcelIsToldToAShopOnceWhateverBreaksOnTheWay(t *testing.T) {
	eachShop(t, func(t *testing.T, channel string) {
		p := playShop(t, channel, 40)
		shipper, orders := shipperOf(t, p.account()), p.open(15)
		if err := p.UseFaults(breaking(channel)); err != nil {
			t.Fatal(err)
		}
		for i, order := range orders {
			tellUntil(t, shipper, parcelOf(order.Ref, "gls", fmt.Sprintf("GLS%d", i)))
		}
		if sums := p.Books()[channel].Operations[shipped]; sums.Effects != len(orders) || sums.Repeated != 0 {
			t.Errorf("%+v", sums)
		}
	})
}

func TestAPartOfAShopsOrderCanLeave(t *testing.T) {
	eachShop(t, func(t *testing.T, channel string) {
		p := playShop(t, channel, 60)
		account := p.account()
		shipper := shipperOf(t, account)
		for _, order := range p.open(30) {
			if order.Lines[0].Quantity-order.Lines[0].Cancelled < 2 {
				continue
			}
			first := parcelOf(order.Ref, "a carrier of nobody", "X1")
			first.Lines = []schemas.ShippedLine{{LineRef: order.Lines[0].LineRef, Quantity: 1}}
			rest := parcelOf(order.Ref, "ups", "X2")
			rest.Parcel = 2
			for _, what := range []schemas.Shipping{first, first, rest, rest} {
				if _, err := shipper.Ship(t.Context(), what); err != nil {
					t.Fatal(err)
				}
				if after := fetched(t, channel, account, order.Ref); (after.Status == schemas.StatusShipped) != (what.Number == "X2") {
					t.Errorf("after %s the order is %s", what.Number, after.ChannelStatus)
				}
			}
			if sums := p.Books()[channel].Operations[shipped]; sums.Effects != 2 {
				t.Errorf("%+v", sums)
			}
			return
		}
		t.Fatal("no order has two pieces of a line")
	})
}

// More than a page, each once, and none of what changed before.
func TestWhatChangedAtAShopIsListedPageByPage(t *testing.T) {
	eachShop(t, func(t *testing.T, channel string) {
		p := playShop(t, channel, 450)
		account := p.account()
		if err := account.Ping(t.Context()); err != nil {
			t.Errorf("ping: %v", err)
		}
		changed, err := account.Changed(t.Context(), time.Time{})
		refs := map[string]bool{}
		for _, one := range changed {
			if refs[one.Ref] || one.Changed.IsZero() {
				t.Errorf("listed twice, or without a time: %+v", one)
			}
			refs[one.Ref] = true
		}
		if err != nil || len(refs) != 450 {
			t.Errorf("%d are listed, %v", len(refs), err)
		}
		if late, err := account.Changed(t.Context(), time.Now()); err != nil || len(late) != 0 {
			t.Errorf("%d have changed since, %v", len(late), err)
		}
		begun, err := account.News(t.Context(), "")
		if err != nil || len(begun.Told) != 0 || begun.Next == "" {
			t.Errorf("at the beginning: %+v, %v", begun, err)
		}
		news, err := account.News(t.Context(), time.Now().Add(-time.Hour).UTC().Format(time.RFC3339))
		if err != nil || len(news.Told) != 450 || news.Told[0].Mark == "" {
			t.Errorf("%d are told, %v", len(news.Told), err)
		}
		if _, err := account.News(t.Context(), "yesterday"); failureOf(t, err).Code != "bad_cursor" {
			t.Errorf("a cursor of nobody: %v", err)
		}
	})
}

// Byte for byte what a feed of the market would have brought, so that who got both sees a repeat.
func TestAShopsOrderIsFetchedAsTheMappingReadsIt(t *testing.T) {
	eachShop(t, func(t *testing.T, channel string) {
		p := playShop(t, channel, 0)
		show := map[string]func(uint64, int) error{"shopify": p.Shopify().Show, "ebay": p.EBay().Show}[channel]
		for n := uint64(1); n <= 60; n++ {
			if err := show(n, 2); err != nil {
				t.Fatal(err)
			}
		}
		account := p.account()
		changed, err := account.Changed(t.Context(), time.Time{})
		if err != nil || len(changed) != 60 {
			t.Fatal(len(changed), err)
		}
		for _, one := range changed {
			if order := fetched(t, channel, account, one.Ref); order.Ref != one.Ref || order.Revision == "" {
				t.Errorf("%s is %+v", one.Ref, order)
			}
		}
		if _, err := account.Fetch(t.Context(), schemas.FetchOrder, "1"); !errors.Is(err, remote.ErrAbsent) {
			t.Errorf("one that there is not: %v", err)
		}
		if _, err := account.Fetch(t.Context(), schemas.FetchUnit, "1"); failureOf(t, err).Class != remote.Permanent {
			t.Errorf("a piece: %v", err)
		}
	})
}

func TestAFailureOfAShopIsUnderstood(t *testing.T) {
	eachShop(t, func(t *testing.T, channel string) {
		for _, c := range []struct {
			what, class string
			harm        func(p *playedShop)
		}{
			{"the secret", remote.Authentication, func(p *playedShop) { p.settings[marketplaces.SettingSecret] = "another" }},
			{"too many", remote.Throttled, func(p *playedShop) { strikes(p, fault.Storm) }},
			{"a server that fails", remote.Transient, func(p *playedShop) { strikes(p, fault.Down) }},
		} {
			p := playShop(t, channel, 1)
			c.harm(p)
			if f := failureOf(t, p.account().Ping(t.Context())); f.Class != c.class {
				t.Errorf("%s: %+v", c.what, f)
			}
		}
	})
}

func strikes(p *playedShop, kind fault.Kind) {
	p.t.Helper()
	operation := map[string]string{"shopify": "shop.get", "ebay": "orders.list"}[p.channel]
	if err := p.UseFaults([]fault.Rule{{Party: p.channel, Operation: operation, Fault: kind, Probability: 1, Seconds: 1}}); err != nil {
		p.t.Fatal(err)
	}
}

// GraphQL says what is wrong in an answer of 200.
func TestWhatIsWrongWithAQueryOfShopifyIsUnderstood(t *testing.T) {
	for code, want := range map[string]string{
		"THROTTLED": remote.Throttled, "ACCESS_DENIED": remote.Authentication, "INTERNAL_SERVER_ERROR": remote.Transient, "MAX_COST_EXCEEDED": remote.Permanent,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"errors":[{"message":"no","extensions":{"code":"%s"}}]}`, code)
		}))
		account, _, err := marketplaces.OpenAccount("shopify", map[string]string{marketplaces.SettingURL: server.URL, marketplaces.SettingSecret: "t"})
		if err != nil {
			t.Fatal(err)
		}
		if f := failureOf(t, account.Ping(t.Context())); f.Class != want || !strings.Contains(f.Reason, "no") {
			t.Errorf("%s: %+v", code, f)
		}
		server.Close()
	}
}

// Each standing of a parcel is one event of its fulfillment, whatever breaks on the way.
func TestAStandingIsToldToShopifyOnceWhateverBreaksOnTheWay(t *testing.T) {
	p := playShop(t, "shopify", 60)
	order := p.open(1)[0]
	account := p.account()
	teller := account.(marketplaces.Teller)
	what := schemas.Standing{Ref: order.Ref, Carrier: "dhl", Number: "JJD1", Status: schemas.ParcelInTransit, Word: "IN_TRANSIT", At: 1780000000123}
	if _, err := teller.Tell(t.Context(), what); !errors.Is(err, remote.ErrAbsent) {
		t.Fatalf("of a parcel that has not left: %v", err)
	}
	tellUntil(t, shipperOf(t, account), parcelOf(order.Ref, "dhl", "JJD1"))
	var rules []fault.Rule
	for _, kind := range []fault.Kind{fault.Drop, fault.Gateway, fault.Down, fault.Ignore} {
		rules = append(rules, fault.Rule{Party: "shopify", Operation: "fulfillment.event", Fault: kind, Probability: 0.2})
	}
	if err := p.UseFaults(rules); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"IN_TRANSIT", "ATTEMPTED_DELIVERY", "DELIVERED"} {
		what.Word, what.At = word, what.At+1000
		for tries := 0; ; tries++ {
			if _, err := teller.Told(t.Context(), what); err == nil {
				break
			}
			if tries > 200 {
				t.Fatalf("%s is not told", word)
			}
			_, _ = teller.Tell(t.Context(), what) // what became of it is looked at
		}
		if n := p.Ledger("shopify").Times("fulfillment.event", order.Ref+" JJD1 "+word); n != 1 {
			t.Errorf("%s was told %d times", word, n)
		}
	}
	what.Word = "ON_THE_MOON"
	if _, err := teller.Tell(t.Context(), what); err == nil {
		t.Error("a word that is none was taken")
	}
}
