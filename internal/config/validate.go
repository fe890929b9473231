package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ownParty is the party of orders that nobody placed; it is not configured.
const ownParty = "synthetic"

// validate answers everything that is wrong with the values.
func (c *Config) validate() error {
	var faults []error
	for _, k := range keys(c) {
		if err := k.check(k.at(c)); err != nil {
			faults = append(faults, c.blame(k.name, err))
		}
	}
	faults = append(faults, c.checkPairs()...)
	return errors.Join(append(faults, c.checkEncryption()...)...)
}

func (k *key) check(value reflect.Value) error {
	switch value.Kind() {
	case reflect.Int:
		if n := int(value.Int()); n < k.min || n > k.max {
			return fmt.Errorf("%s is %d, must be from %d to %d", k.name, n, k.min, k.max)
		}
	case reflect.Slice:
		for i := range value.Len() {
			if err := k.checkText(value.Index(i).String()); err != nil {
				return err
			}
		}
	case reflect.String:
		if !k.isSecret() {
			return k.checkText(value.String())
		}
	}
	return nil
}

func (k *key) checkText(text string) error {
	if k.oneOf != nil && !slices.Contains(k.oneOf, text) {
		return fmt.Errorf("%s is %q, must be one of: %s", k.name, text, strings.Join(k.oneOf[1:], ", "))
	}
	if check := patterns[k.pattern]; check != nil {
		if err := check(text); err != nil {
			return fmt.Errorf("%s %w", k.name, err)
		}
	}
	return nil
}

// patterns are the forms of text that the tags name.
var patterns = map[string]func(text string) error{
	"name": func(text string) error {
		if !wordPattern.MatchString(text) {
			return fmt.Errorf("is %q, must be 1 to 64 letters, digits, dots, hyphens or underscores", text)
		}
		return nil
	},
	"address": func(text string) error {
		_, port, err := net.SplitHostPort(text)
		if n, bad := strconv.Atoi(port); err != nil || bad != nil || n < 0 || n > 65535 {
			return fmt.Errorf("is %q, must be host:port", text)
		}
		return nil
	},
	"trouble": func(text string) error {
		if !slices.Contains(troubles, text) {
			return fmt.Errorf("has %q, must be one of %s", text, strings.Join(troubles, ", "))
		}
		return nil
	},
	"class_hours": func(text string) error {
		if _, _, ok := ClassHours(text); !ok {
			return fmt.Errorf("has %q, must be CLASS=HOURS, such as in_doubt=4, of up to a year", text)
		}
		return nil
	},
	"escalation": func(text string) error {
		if _, _, ok := AfterWho(text); !ok {
			return fmt.Errorf("has %q, must be AFTER=WHO, such as 4h=lead", text)
		}
		return nil
	},
	"url":    schemes("http", "https"),
	"bucket": schemes("s3", "gs", "azblob", "file", "mem"),
	"dsn":    schemes("clickhouse", "tcp", "http", "https"),
}

// schemes wants an address with one of these in front. It does not show the address: it may hold what nobody should see.
func schemes(allowed ...string) func(string) error {
	return func(text string) error {
		if text == "" {
			return nil
		}
		if parsed, err := url.Parse(text); err != nil || !slices.Contains(allowed, parsed.Scheme) {
			return fmt.Errorf("must begin with one of: %s://", strings.Join(allowed, "://, "))
		}
		return nil
	}
}

var (
	wordPattern  = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
	partyPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

// partyBytesMax bounds the name of a party: it stands in front of every order id.
const partyBytesMax = 40

// checkPairs finds what is wrong between two keys.
func (c *Config) checkPairs() []error {
	var faults []error
	wrong := func(bad bool, name, format string, args ...any) {
		if bad {
			faults = append(faults, c.blame(name, fmt.Errorf(format, args...)))
		}
	}
	wrong(c.Limits.FeedBytesMax < c.Limits.BodyBytesMax, "limits.feed_bytes_max",
		"limits.feed_bytes_max is %d, must not be less than limits.body_bytes_max, %d", c.Limits.FeedBytesMax, c.Limits.BodyBytesMax)
	largest := max(c.Limits.FeedBytesMax, c.Limits.WebhookBytesMax)
	wrong(c.Limits.InFlightBytesMax < largest, "limits.in_flight_bytes_max",
		"limits.in_flight_bytes_max is %d, must not be less than the longest body that a door takes, %d", c.Limits.InFlightBytesMax, largest)
	sasl := c.Kafka.SASL
	wrong(sasl.Mechanism != "" && (sasl.User == "" || sasl.Password == ""), "kafka.sasl.mechanism",
		"kafka.sasl.mechanism %s needs kafka.sasl.user and a password: set %s or kafka.sasl.password_file", sasl.Mechanism, envName("kafka.sasl.password"))
	wrong(sasl.Mechanism == "" && sasl != SASL{}, "kafka.sasl.user", "kafka.sasl is filled in but kafka.sasl.mechanism is not")
	wrong(c.ERP.System != "" && c.ERP.URL == "", "erp.system", "erp.system is %s, but erp.url says not where it is", c.ERP.System)
	wrong(c.ERP.System == "" && c.ERP != ERP{CustomersKnownSeconds: c.ERP.CustomersKnownSeconds}, "erp.url", "erp is filled in but erp.system is not")
	wrong(len(c.Parties) == 0, "parties", "parties is empty: without one no order can come in")
	for _, name := range sorted(c.Parties) {
		wrong(name == ownParty, "parties."+name+".channel", "parties.%s: that name is Waybill's own, for the orders it sends to try itself", name)
		wrong(c.Parties[name].Carrier != "" && c.Parties[name].Channel != "", "parties."+name+".carrier", "parties.%s has a channel and a carrier: an account sells, or it books parcels", name)
		wrong(c.Parties[name].Printer != "" && c.Parties[name].Channel+c.Parties[name].Carrier != "", "parties."+name+".printer", "parties.%s is a printer, and has a channel or a carrier: give each a party of its own", name)
		wrong(!partyPattern.MatchString(name) || len(name) > partyBytesMax, "parties."+name+".channel",
			"parties.%s: the name of a party is made of lower-case letters, digits and hyphens, up to %d", name, partyBytesMax)
	}
	return faults
}
