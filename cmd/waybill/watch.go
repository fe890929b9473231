package main

import (
	"fmt"
	"strconv"
	"time"

	"waybill/connectors"
	"waybill/connectors/carriers"
	"waybill/internal/config"
	"waybill/processors"
	"waybill/schemas"
)

// settingQuestions is the setting of a carrier's account of how many times a day it may be asked about parcels.
const settingQuestions = "tracking_per_day"

// watchOf is how the parcels of a carrier's account are watched.
func watchOf(c *config.Config, party config.Party) (w processors.Watch, err error) {
	hours := func(n int) time.Duration { return time.Duration(n) * time.Hour }
	w = processors.Watch{
		FirstScan: hours(c.Tracking.FirstScanHours), Silence: hours(c.Tracking.SilenceHours), Unmatched: hours(c.Tracking.UnmatchedHours),
		Care: c.Tracking.Care,
	}
	asker, asking, err := carriers.AskerOf(party.Carrier, party.Settings)
	if err != nil || asker == nil {
		return w, err
	}
	w.Every, w.NumbersMax = time.Duration(c.Tracking.EverySeconds)*time.Second, asking.NumbersMax
	w.PerDay, err = questionsPerDay(party.Settings, asking.PerDay)
	w.Proves = carriers.ProverOf(asker) != nil
	if carriers.SubscriberOf(asker) != nil {
		w.Follows = asking.SubscribedFor
	}
	return w, err
}

// questionsPerDay is what was agreed with the carrier, or what is known of it.
func questionsPerDay(settings config.Settings, usual int) (int, error) {
	text := settings[settingQuestions]
	if text == "" {
		return usual, nil
	}
	most, err := strconv.Atoi(text)
	if err != nil || most < 0 {
		return usual, fmt.Errorf("setting %s is %q, must be a whole number; 0: there is no limit", settingQuestions, text)
	}
	return most, nil
}

// pushParties are the accounts of carriers that push what they hear.
func pushParties(c *config.Config) map[string]connectors.PushParty {
	parties := map[string]connectors.PushParty{}
	for _, name := range carrierParties(c) {
		party := c.Parties[name]
		push, does := carriers.PushOf(party.Carrier)
		tracker, err := carriers.TrackerOf(party.Carrier)
		if does && err == nil {
			parties[name] = connectors.PushParty{Name: name, Seller: party.Seller, Carrier: party.Carrier, Settings: party.Settings, Track: tracker, Push: push}
		}
	}
	return parties
}

// trackedIn is what was said of parcels, in our words.
func trackedIn(raw *schemas.RawTracking) (schemas.Tracked, error) {
	tracker, err := carriers.TrackerOf(raw.Carrier)
	if err != nil {
		return schemas.Tracked{}, err
	}
	return tracker(raw.Body.Bytes, raw.Number)
}
