package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"waybill/connectors"
	"waybill/connectors/marketplaces"
	"waybill/internal/config"
)

func parties(c *config.Config, has edition) finding {
	_, _, err := openParties(c, has)
	return judge("parties", err, fmt.Sprintf("%d configured", len(c.Parties)), fmt.Sprintf("name a channel that there is: %v", marketplaces.Channels()))
}

// doorsOf says who may knock where. A shut door is no fault, but one that strangers reach and that nobody can open is a slip.
func doorsOf(c *config.Config) finding {
	var signed, shut []string
	for _, name := range slices.Sorted(maps.Keys(c.Parties)) {
		settings := c.Parties[name].Settings
		if settings[connectors.SettingWebhookSecret] != "" {
			signed = append(signed, name)
		}
		if settings[connectors.SettingToken] == "" && !isLoopback(c.Listen) {
			shut = append(shut, name)
		}
	}
	detail := fmt.Sprintf("%s; webhooks of: %s", c.Listen, orNobody(signed))
	if len(shut) == 0 {
		return judge("doors", nil, detail, "")
	}
	return judge("doors", fmt.Errorf("%s is no loopback, and no token is set for %s: their feeds and orders are refused", c.Listen, strings.Join(shut, ", ")), "",
		"set parties.NAME.settings.token_file, or the token itself in the environment")
}

func orNobody(names []string) string {
	if len(names) == 0 {
		return "nobody, for want of a webhook_secret"
	}
	return strings.Join(names, ", ")
}
