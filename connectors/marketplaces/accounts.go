package marketplaces

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"waybill/connectors/marketplaces/kaufland"
	"waybill/schemas"
)

// Account is a channel as it answers whoever has the seller's credentials. An error is remote.ErrAbsent or a *remote.Failure. No call
// repeats anything.
type Account interface {
	// Fetch is a document for Receive: the order, or the piece of one, of that reference.
	Fetch(ctx context.Context, kind, ref string) ([]byte, error)
	// Changed lists the orders that changed at that time or later, and when they did.
	Changed(ctx context.Context, from time.Time) ([]schemas.Missed, error)
	// Ping makes sure that the credentials are good.
	Ping(ctx context.Context) error
}

// Traits of the calls at a channel.
type Traits struct {
	CallMax   time.Duration // longest that a call may take
	ListMax   time.Duration // the same of a list, which may have many pages
	PerSecond float64       // calls it allows an account a second
}

// The settings that say how an account is called.
const (
	SettingURL    = "api_url"    // where its API is; without it, it is not called
	SettingClient = "api_client" // what the channel calls the program that calls
	SettingSecret = "api_secret" // what proves it
	SettingSites  = "api_sites"  // the channel's sites that are asked for what never came
)

// callable is a channel that can be called.
type callable struct {
	traits Traits
	open   func(url string, settings map[string]string) Account
}

var accounts = map[string]callable{
	"kaufland": {Traits{CallMax: 10 * time.Second, ListMax: 2 * time.Minute, PerSecond: kaufland.RequestsPerSecond}, func(url string, settings map[string]string) Account {
		return kaufland.NewAccount(url, settings[SettingClient], settings[SettingSecret], strings.Split(cmp.Or(settings[SettingSites], "de"), ","))
	}},
}

// OpenAccount is an account of a channel, which is not spoken to yet.
func OpenAccount(channel string, settings map[string]string) (Account, Traits, error) {
	known, is := accounts[channel]
	if !is {
		return nil, Traits{}, fmt.Errorf("%s: %s is not called by this version; those that are: %s",
			SettingURL, channel, strings.Join(slices.Sorted(maps.Keys(accounts)), ", "))
	}
	for _, needed := range []string{SettingClient, SettingSecret} {
		if settings[needed] == "" {
			return nil, Traits{}, fmt.Errorf("%s is set, but %s is not", SettingURL, needed)
		}
	}
	return known.open(settings[SettingURL], settings), known.traits, nil
}
