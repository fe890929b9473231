package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"waybill/connectors"
	"waybill/connectors/marketplaces"
	"waybill/internal/config"
	"waybill/internal/deed"
	"waybill/internal/synthetic"
	"waybill/processors"
	"waybill/schemas"
	"waybill/topics"
)

// partySettings is every setting a party may have, and what it means.
var partySettings = map[string]string{
	connectors.SettingWebhookSecret:                        "what its webhooks are signed with",
	connectors.SettingWebhookSecret + connectors.SuffixOld: "the secret before, while they are exchanged",
	connectors.SettingWebhookAuth:                          "token: its webhooks show the secret itself, because the sender can not sign",
	connectors.SettingCallbackURL:                          "the address its webhooks are sent to, if it is not what the request says",
	connectors.SettingToken:                                "what who feeds it, or uses the order API, has to show",
	connectors.SettingToken + connectors.SuffixOld:         "the token before, while they are exchanged",

	marketplaces.SettingURL:    "address of its channel's API: with it, the channel is asked for what its webhooks only name",
	marketplaces.SettingClient: "what the channel calls the program that calls, such as Kaufland's client key",
	marketplaces.SettingSecret: "what proves that it is that program, such as Kaufland's secret key",
	marketplaces.SettingSites:  "the channel's sites that are asked: Kaufland's storefronts, such as de,cz, or else de; Amazon's marketplace ids",

	marketplaces.SettingRefresh: "what the seller gave the program at the channel, where that works with OAuth: a refresh token",
	marketplaces.SettingKeep:    "file in which the refresh token in use is kept, where each use brings another (Allegro)",
	marketplaces.SettingLogin:   "address where the refresh token is exchanged for one of an hour, if it is not the channel's own",

	marketplaces.SettingRate: "what the channel grants the account, in multiples of what it documents; none: 1",

	processors.SettingAccept:       "manual: a person accepts each order, by 'waybill accept'; automatic",
	processors.SettingAcceptWithin: "minutes within which the channel is to know that an order is accepted; none: 60",
	processors.SettingAcceptInNeed: "provisional: it is told in time though the ERP does not have the order yet; hold: it waits for the ERP",

	processors.SettingERPCancelReason: "the channel's word for why an order is rejected there that somebody cancels at the ERP, such as NoInventory; none: a person rejects it, by 'waybill reject'",

	processors.SettingShipWith: "who carries what it sells, the first that fits: DE=dhl, PL/point=inpost:SERVICE of what goes to a locker, dhl of all, FR=dhl|ups of both the cheaper; none: nothing is booked",

	processors.SettingScans: "required: nothing gets a label until it was scanned while it was packed, by 'waybill scan', and fits; optional: what is scanned has to fit",

	"match_email": "without_tag: buyers whose addresses differ in what follows a plus are one customer in the ERP; exact",

	"pairs":         "required: an order waits until its offers are in id.catalogue; optional: it goes on with the channel's own SKU",
	"zone":          "IANA time zone in which the days of a promise are counted, such as Europe/Berlin",
	"cutoff":        "hh:mm until which what is ordered on a working day counts as of that day",
	"handling_days": "working days until an order leaves",
	"transit_days":  "working days until it is there",
	"weekend":       "days that are none to work on, such as sat,sun",
	"holidays":      "country whose public holidays are no working days, such as DE or DE-BY",
}

// openParties opens the channel of every party, in each version of its mapping, and reads what was settled for it.
func openParties(c *config.Config, has edition) (channels map[string]*readers, terms map[string]processors.Terms, err error) {
	channels, terms = map[string]*readers{}, map[string]processors.Terms{}
	var faults []error
	parties := sellingParties(c)
	parties[schemas.PartySynthetic] = config.Party{Channel: synthetic.Channel, Seller: schemas.PartySynthetic}
	for _, name := range slices.Sorted(maps.Keys(parties)) {
		party := parties[name]
		var failed error
		if channels[name], failed = openReaders(has, party.Channel, party.Settings); failed == nil {
			settled, failedOf := termsOf(party)
			settled.Expectations = processors.Expectations{
				Ready: time.Duration(c.Expect.ReadyHours) * time.Hour, Placed: time.Duration(c.Expect.PlacedMinutes) * time.Minute,
			}
			settled.Acceptance.Settled = time.Duration(c.Expect.SettledMinutes) * time.Minute
			terms[name], failed = settled, failedOf
		}
		if failed != nil {
			faults = append(faults, fmt.Errorf("party %s: %w", name, failed))
		}
	}
	faults = append(faults, carriageTerms(c, terms), printersFit(c))
	return channels, terms, errors.Join(faults...)
}

func termsOf(party config.Party) (processors.Terms, error) {
	for setting := range party.Settings {
		if _, known := partySettings[strings.TrimSuffix(setting, "_file")]; !known {
			return processors.Terms{}, fmt.Errorf("unknown setting %q; known: %s", setting, strings.Join(slices.Sorted(maps.Keys(partySettings)), ", "))
		}
	}
	tags := party.Settings["match_email"]
	if tags != "" && tags != "exact" && tags != "without_tag" {
		return processors.Terms{}, fmt.Errorf("setting match_email is %q, must be exact or without_tag", tags)
	}
	pairs := party.Settings["pairs"]
	if pairs != "" && pairs != "required" && pairs != "optional" {
		return processors.Terms{}, fmt.Errorf("setting pairs is %q, must be required or optional", pairs)
	}
	ships := false
	if isCalled(party) {
		account, _, err := marketplaces.OpenAccount(party.Channel, party.Settings)
		if err != nil {
			return processors.Terms{}, err
		}
		_, ships = account.(marketplaces.Shipper)
	}
	acceptance, err := processors.NewAcceptance(party.Settings)
	if err != nil {
		return processors.Terms{}, err
	}
	acceptance.WhyNot = whyNotTold(party, marketplaces.WhyNotAccepted)
	acceptance.WhyNotRejected = whyNotTold(party, marketplaces.WhyNotRejected)
	shipping, err := processors.NewShipping(party.Settings)
	if err != nil {
		return processors.Terms{}, err
	}
	calendar, err := processors.NewCalendar(party.Settings)
	return processors.Terms{
		Calendar: calendar, PairsRequired: pairs == "required", Patches: party.Channel == connectors.ChannelDirect, Called: isCalled(party), Acceptance: acceptance, Shipping: shipping, Ships: ships, Words: marketplaces.Words(party.Channel), Refusal: marketplaces.RefusalOf(party.Channel), WithoutTags: tags == "without_tag",
	}, err
}

// whyNotTold is why a party's channel is not told what becomes of an order; "" if it is.
func whyNotTold(party config.Party, of func(channel string) string) string {
	if why := of(party.Channel); why != "" || isCalled(party) {
		return why
	}
	return "the party is not called: its settings have no " + marketplaces.SettingURL
}

// doorParties are the parties as the doors know them.
func (p *pipeline) doorParties() map[string]connectors.Party {
	parties := map[string]connectors.Party{}
	for name := range sellingParties(p.config) {
		parties[name] = p.doorParty(name)
	}
	return parties
}

// webhookParties are those that may send webhooks: the channels, and an ERP that says so when it has news.
func (p *pipeline) webhookParties() map[string]connectors.Party {
	parties := p.doorParties()
	if secret := p.config.ERP.WebhookSecret.Reveal(); secret != "" {
		parties[topics.ERP] = connectors.Party{
			Name: topics.ERP, Ask: p.askERP,
			Settings: map[string]string{connectors.SettingWebhookSecret: secret, connectors.SettingWebhookAuth: p.config.ERP.WebhookAuth},
		}
	}
	return parties
}

// askERP has whoever makes the calls at the ERP ask what is new there.
func (p *pipeline) askERP(ctx context.Context) error {
	ask := topics.Message{Topic: topics.OutboxERP, Key: topics.ERP}
	for _, h := range (deed.Deed{Does: schemas.DidRetry, Party: deed.Ask, By: "webhook", Attempts: -1}).Headers() {
		ask.Headers = append(ask.Headers, topics.Header{Key: h.Key, Value: h.Value})
	}
	return p.store.Store(ctx, []topics.Message{ask})
}

func (p *pipeline) doorParty(name string) connectors.Party {
	party := p.config.Parties[name]
	return connectors.Party{Name: name, Seller: party.Seller, Channel: party.Channel, Receiver: p.channels[name].newest(), Settings: party.Settings}
}

// isCalled tells whether the channel of a party is asked for what it only tells of.
func isCalled(party config.Party) bool {
	return party.Carrier == "" && party.Printer == "" && party.Settings[marketplaces.SettingURL] != ""
}

// calledParties are the accounts that are called, by name.
func calledParties(c *config.Config) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(c.Parties)), func(name string) bool { return !isCalled(c.Parties[name]) })
}

// tokenOf is what the feed door of a party asks for.
func tokenOf(c *config.Config, party string) string {
	return c.Parties[party].Settings[connectors.SettingToken]
}
