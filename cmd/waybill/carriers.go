package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"waybill/connectors/carriers"
	"waybill/internal/config"
	"waybill/processors"
	"waybill/schemas"
)

// senderPrefix begins the settings of a carrier's account that say who sends.
const senderPrefix = "sender_"

// settingSettles is the setting of a carrier's account of how many seconds after a call it may not show what that has done.
const settingSettles = "settle_seconds"

// settlesIn is that, or what is known of the carrier. Who says too little may buy twice.
func settlesIn(settings config.Settings, usual time.Duration) (time.Duration, error) {
	text := settings[settingSettles]
	if text == "" {
		return usual, nil
	}
	seconds, err := strconv.Atoi(text)
	if err != nil || seconds < 1 || seconds > 3600 {
		return usual, fmt.Errorf("setting %s is %q, must be a whole number from 1 to 3600", settingSettles, text)
	}
	return time.Duration(seconds) * time.Second, nil
}

// settingCalls is the setting of a carrier's account of how many calls a second it allows.
const settingCalls = "calls_per_second"

// callsPerSecond is that, or what is known of the carrier.
func callsPerSecond(settings config.Settings, usual float64) (float64, error) {
	text := settings[settingCalls]
	if text == "" {
		return usual, nil
	}
	calls, err := strconv.ParseFloat(text, 64)
	if err != nil || calls <= 0 || calls > 100_000 {
		return usual, fmt.Errorf("setting %s is %q, must be above 0 and up to 100000", settingCalls, text)
	}
	return calls, nil
}

// settingPrice is the setting of a carrier's account of what a parcel costs, where it does not say itself.
const settingPrice = "price_per_parcel"

// parcelPrice is that; nil if it is not settled.
func parcelPrice(settings config.Settings) (*schemas.Money, error) {
	text := settings[settingPrice]
	if text == "" {
		return nil, nil
	}
	amount, currency, _ := strings.Cut(text, " ")
	price, err := schemas.ParseMoney(amount, currency)
	if err != nil || price.Minor < 0 {
		return nil, fmt.Errorf("setting %s is %q: give an amount and its currency, such as 4.49 EUR", settingPrice, text)
	}
	return &price, nil
}

// carrierParties are the accounts of carriers that can be called, by name: those that have settings.
func carrierParties(c *config.Config) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(c.Parties)), func(name string) bool {
		return c.Parties[name].Carrier == "" || len(c.Parties[name].Settings) == 0
	})
}

// sellingParties are the parties that have a channel.
func sellingParties(c *config.Config) map[string]config.Party {
	selling := maps.Clone(c.Parties)
	maps.DeleteFunc(selling, func(_ string, p config.Party) bool { return p.Carrier != "" || p.Printer != "" })
	return selling
}

// carriageTerms are what was settled for the accounts of carriers.
func carriageTerms(c *config.Config, terms map[string]processors.Terms) error {
	var faults []error
	for _, name := range carrierParties(c) {
		party := c.Parties[name]
		account, err := carriers.Open(party.Carrier, party.Settings)
		from, failed := senderOf(party.Settings)
		_, slow := callsPerSecond(party.Settings, 0)
		price, dear := parcelPrice(party.Settings)
		_, hasty := settlesIn(party.Settings, 0)
		watch, unwatched := watchOf(c, party)
		if err = errors.Join(err, failed, slow, dear, hasty, unwatched); err != nil {
			faults = append(faults, fmt.Errorf("party %s: %w", name, err))
			continue
		}
		terms[name] = processors.Terms{Watch: watch, Carriage: &processors.Carriage{
			Carrier: party.Carrier, From: from, Format: party.Settings["format"], ParcelsMax: account.Traits().ParcelsMax, LabelLink: c.Labels.Link,
			Printer: party.Settings[settingPrintAt], Price: price,
			Credits: time.Duration(c.Expect.CreditedDays) * 24 * time.Hour,
		}}
	}
	return errors.Join(faults...)
}

// senderOf is who sends, as it stands on the labels.
func senderOf(settings config.Settings) (from schemas.Person, err error) {
	fields := map[string]*string{
		"name": &from.Name, "company": &from.Company, "street": &from.Street, "postal_code": &from.PostalCode, "city": &from.City,
		"region": &from.Region, "country": &from.Country, "phone": &from.Phone, "email": &from.Email,
	}
	for setting, value := range settings {
		field, is := strings.CutPrefix(setting, senderPrefix)
		if !is {
			continue
		}
		if fields[field] == nil {
			return from, fmt.Errorf("unknown setting %q; of the sender there are: %s%s", setting, senderPrefix, strings.Join(slices.Sorted(maps.Keys(fields)), ", "+senderPrefix))
		}
		*fields[field] = value
	}
	for _, needed := range []string{"name", "street", "postal_code", "city", "country"} {
		if *fields[needed] == "" {
			return from, fmt.Errorf("the setting %s%s is missing: a label says who sends", senderPrefix, needed)
		}
	}
	return from, nil
}
