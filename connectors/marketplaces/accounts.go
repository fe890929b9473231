package marketplaces

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"waybill/connectors/marketplaces/allegro"
	"waybill/connectors/marketplaces/amazon"
	"waybill/connectors/marketplaces/direct"
	"waybill/connectors/marketplaces/ebay"
	"waybill/connectors/marketplaces/kaufland"
	"waybill/connectors/marketplaces/shopify"
	"waybill/connectors/remote"
	"waybill/schemas"
)

// Account is a channel as it answers whoever has the seller's credentials. An error is remote.ErrAbsent or a *remote.Failure. No call
// repeats anything.
type Account interface {
	// Fetch is a document for Receive: the order, or the piece of one, of that reference.
	Fetch(ctx context.Context, kind, ref string) ([]byte, error)
	// News is what happened behind a cursor of an earlier answer; of none, the cursor of now. What a channel says late is missing in it:
	// that is found by Changed.
	News(ctx context.Context, cursor string) (schemas.News, error)
	// Changed lists the orders that changed at that time or later, and when they did.
	Changed(ctx context.Context, from time.Time) ([]schemas.Missed, error)
	// Ping makes sure that the credentials are good.
	Ping(ctx context.Context) error
}

// Accepter is an Account of a channel that wants to be told whether an order is accepted. To tell it what it knows changes nothing there.
type Accepter interface {
	Rejecter
	// Accept says that the order is accepted. Who has told the channel more than that, has accepted it too.
	Accept(ctx context.Context, a schemas.Accepting) (said []byte, err error)
	// Accepted looks whether the channel has it so; remote.ErrAbsent if not.
	Accepted(ctx context.Context, a schemas.Accepting) (said []byte, err error)
}

// Rejecter is an Account of a channel that can be told that an order, or a part of it, will not be delivered. To tell it what it knows changes
// nothing there.
type Rejecter interface {
	// Reject says that those pieces of the order will not be delivered.
	Reject(ctx context.Context, a schemas.Accepting) (said []byte, err error)
	// Rejected looks whether the channel has it so; remote.ErrAbsent if not.
	Rejected(ctx context.Context, a schemas.Accepting) (said []byte, err error)
}

// Shipper is an Account of a channel that is told which parcels have left. To tell it what it knows changes nothing there: before it tells, it
// looks.
type Shipper interface {
	// Ship says that a parcel has left.
	Ship(ctx context.Context, s schemas.Shipping) (said []byte, err error)
	// Shipped looks whether the channel knows of the parcel, whoever told it; remote.ErrAbsent if not.
	Shipped(ctx context.Context, s schemas.Shipping) (said []byte, err error)
}

// Teller is an Account of a channel that is told how parcels stand on their way. To tell it what it knows changes nothing there.
type Teller interface {
	// Tell says how a parcel stands that has left; remote.ErrAbsent if the channel does not know that it has.
	Tell(ctx context.Context, s schemas.Standing) (said []byte, err error)
	// Told looks whether the channel was told; remote.ErrAbsent if not.
	Told(ctx context.Context, s schemas.Standing) (said []byte, err error)
}

// Traits of the calls at a channel.
type Traits struct {
	CallMax    time.Duration // longest that a call may take
	ListMax    time.Duration // the same of a list, which may have many pages
	SettleTime time.Duration // how long after a call it may not yet show what it has done
	Rate       Rate          // of all calls together; zero: none is documented
	Fetches    Rate          // of calls for one order, where it has a limit of its own
	Polls      Rate          // of calls for news and lists, likewise
	PollEvery  time.Duration // how often it is asked for news
}

// Rate is so many calls a second, and so many at once.
type Rate struct {
	PerSecond float64
	Burst     int
}

// The settings that say how an account is called.
const (
	SettingURL     = "api_url"           // where its API is; without it, it is not called
	SettingClient  = "api_client"        // what the channel calls the program that calls
	SettingSecret  = "api_secret"        // what proves it
	SettingRefresh = "api_refresh_token" // what the seller gave it, where a channel works with OAuth: good for months
	SettingKeep    = "api_login_keep"    // the file in which the next one is kept, where it is another after each use
	SettingLogin   = "api_login_url"     // where it is exchanged, if not at the channel's own address
	SettingSites   = "api_sites"         // the channel's sites that are asked for news and for what never came
)

// SettingRate is what the channel grants the account, in multiples of what its documentation says: Amazon has plans.
const SettingRate = "api_rate"

// granted are the traits of a channel at that rate.
func (t Traits) granted(rate string) (Traits, error) {
	if rate == "" {
		return t, nil
	}
	times, err := strconv.ParseFloat(rate, 64)
	if err != nil || !(times >= 0.01 && times <= 1_000_000) {
		return t, fmt.Errorf("%s is %q, must be a number from 0.01 to 1000000", SettingRate, rate)
	}
	for _, r := range []*Rate{&t.Rate, &t.Fetches, &t.Polls} {
		r.PerSecond *= times
	}
	return t, nil
}

// callable is a channel that can be called.
type callable struct {
	traits Traits
	needs  []string // settings it does not work without
	open   func(url string, settings map[string]string) (Account, error)
}

var accounts = map[string]callable{
	"allegro": {
		Traits{CallMax: 10 * time.Second, ListMax: 2 * time.Minute, SettleTime: 6 * time.Second, Rate: Rate{PerSecond: allegro.RequestsPerSecond}, PollEvery: 30 * time.Second},
		[]string{SettingClient, SettingSecret, SettingRefresh, SettingKeep},
		func(url string, settings map[string]string) (Account, error) {
			return allegro.NewAccount(url, remote.TokenSettings{
				URL: cmp.Or(settings[SettingLogin], allegro.LoginURL), Client: settings[SettingClient], Secret: settings[SettingSecret],
				Refresh: settings[SettingRefresh], File: settings[SettingKeep],
			})
		},
	},
	"amazon": {
		Traits{
			CallMax: 10 * time.Second, ListMax: 2 * time.Minute, SettleTime: 6 * time.Second, PollEvery: 3 * time.Minute,
			Fetches: Rate{PerSecond: 0.5, Burst: 30}, Polls: Rate{PerSecond: 0.0056, Burst: 20}, // getOrder and searchOrders (orders_2026-01-01.json)
		},
		[]string{SettingClient, SettingSecret, SettingRefresh, SettingSites},
		func(url string, settings map[string]string) (Account, error) {
			return amazon.NewAccount(url, remote.TokenSettings{
				URL: cmp.Or(settings[SettingLogin], amazon.LoginURL), Client: settings[SettingClient], Secret: settings[SettingSecret], Refresh: settings[SettingRefresh],
			}, strings.Split(settings[SettingSites], ","))
		},
	},
	"ebay": {
		Traits{CallMax: 10 * time.Second, ListMax: 5 * time.Minute, SettleTime: 30 * time.Second, PollEvery: 5 * time.Minute}, // a day's quota is the account's own
		[]string{SettingClient, SettingSecret, SettingRefresh},
		func(url string, settings map[string]string) (Account, error) {
			return ebay.NewAccount(url, remote.TokenSettings{
				URL: cmp.Or(settings[SettingLogin], ebay.LoginURL), Client: settings[SettingClient], Secret: settings[SettingSecret], Refresh: settings[SettingRefresh],
			})
		},
	},
	"kaufland": {
		Traits{CallMax: 10 * time.Second, ListMax: 2 * time.Minute, SettleTime: 6 * time.Second, Rate: Rate{PerSecond: kaufland.RequestsPerSecond}, PollEvery: time.Minute},
		[]string{SettingClient, SettingSecret},
		func(url string, settings map[string]string) (Account, error) {
			return kaufland.NewAccount(url, settings[SettingClient], settings[SettingSecret], strings.Split(cmp.Or(settings[SettingSites], "de"), ",")), nil
		},
	},
	"shopify": {
		Traits{
			CallMax: 10 * time.Second, ListMax: 2 * time.Minute, SettleTime: 10 * time.Second, PollEvery: 2 * time.Minute,
			Rate: Rate{PerSecond: shopify.RequestsPerSecond, Burst: shopify.RequestsAtOnce},
		},
		[]string{SettingSecret},
		func(url string, settings map[string]string) (Account, error) {
			return shopify.NewAccount(url, settings[SettingSecret]), nil
		},
	},
}

// unaccepted says why a channel is not told that an order is accepted.
var unaccepted = map[string]string{
	"amazon":      "Amazon's Orders API has no call for it (SP-API Orders v0 and 2026-01-01)",
	"ebay":        "eBay's Fulfillment API has no call for it (v1.20.7)",
	"direct":      "who sent the order asks no marketplace",
	"shopify":     "the shop is the seller's own",
	"woocommerce": "the shop is the seller's own",
}

// WhyNotAccepted is why a channel is not told that an order is accepted; "" if it has a call for it.
func WhyNotAccepted(channel string) string { return unaccepted[channel] }

// words are what a channel is told of a parcel that stands in one way, in its own words (item 116).
var words = map[string]map[string]schemas.Word{
	"allegro": allegro.Words, "amazon": amazon.Words, "direct": direct.Words, "ebay": ebay.Words, "kaufland": kaufland.Words, "shopify": shopify.Words,
	"woocommerce": schemas.NoWords("WooCommerce has no status of a parcel (REST API v3)"),
}

// Words are a channel's, by our status of a parcel.
func Words(channel string) map[string]schemas.Word { return words[channel] }

// OpenAccount is an account of a channel, which is not spoken to yet.
func OpenAccount(channel string, settings map[string]string) (Account, Traits, error) {
	known, is := accounts[channel]
	if !is {
		return nil, Traits{}, fmt.Errorf("%s: %s is not called by this version; those that are: %s",
			SettingURL, channel, strings.Join(slices.Sorted(maps.Keys(accounts)), ", "))
	}
	for _, needed := range known.needs {
		if settings[needed] == "" {
			return nil, Traits{}, fmt.Errorf("%s is set, but %s is not", SettingURL, needed)
		}
	}
	traits, err := known.traits.granted(settings[SettingRate])
	if err != nil {
		return nil, traits, err
	}
	account, err := known.open(settings[SettingURL], settings)
	return account, traits, err
}
