package inpost

import (
	"cmp"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"waybill/connectors/scans"
	"waybill/connectors/signature"
)

// pushFrom is the network that webhooks of ShipX come from (documentation of ShipX, Webhooks).
const pushFrom = "91.216.25.0/24"

// The headers of a webhook of the Group API (developers.inpost-group.com/webhooks).
const (
	headerSignature = "X-Inpost-Signature"
	headerTimestamp = "X-Inpost-Timestamp"
	headerEvent     = "X-Inpost-Event-Id"
)

// Push is a webhook: of ShipX, which does not sign, so that it is only a reason to ask; or of the Group API, which does. A GET asks whether
// somebody listens.
var Push = scans.Push{
	Method: http.MethodPost,
	SetUp:  true,
	Check: func(settings map[string]string) error {
		_, err := networks(settings)
		return err
	},
	Prove: func(d *signature.Delivery, from netip.Addr, settings map[string]string) (proven bool, id string, err error) {
		secrets := signature.Secrets(settings, scans.SettingPushSecret)
		if given := d.Header.Values(headerSignature); len(given) > 0 && len(secrets) > 0 {
			return true, d.Header.Get(headerEvent), signed(d, given, secrets)
		}
		return false, "", comesFrom(from, settings)
	},
}

// signed tells whether a webhook is signed over its body, or over its time and its body: which, is set for each client. One that was
// caught and comes again says again what it said, so its age is not looked at.
func signed(d *signature.Delivery, given, secrets []string) error {
	if len(given) != 1 {
		return signature.ErrWrong
	}
	at := d.Header.Get(headerTimestamp)
	good := false
	for _, secret := range secrets {
		plain, timed := signature.SHA256([]byte(secret), d.Body), signature.SHA256([]byte(secret), []byte(at+"."), d.Body)
		good = signature.IsBase64(given[0], plain) || at != "" && signature.IsBase64(given[0], timed) || good
	}
	if !good {
		return signature.ErrWrong
	}
	return nil
}

// comesFrom tells whether a webhook that proves nothing is from where InPost sends.
func comesFrom(from netip.Addr, settings map[string]string) error {
	all, err := networks(settings)
	if err == nil && slices.ContainsFunc(all, func(network netip.Prefix) bool { return network.Contains(from.Unmap()) }) {
		return nil
	}
	return signature.ErrMissing
}

func networks(settings map[string]string) (all []netip.Prefix, err error) {
	for text := range strings.SplitSeq(cmp.Or(settings[scans.SettingPushFrom], pushFrom), ",") {
		network, err := netip.ParsePrefix(strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf("the setting %s has %q in it: write networks with commas between, as %s", scans.SettingPushFrom, text, pushFrom)
		}
		all = append(all, network)
	}
	return all, nil
}
