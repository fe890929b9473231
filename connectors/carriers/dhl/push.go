package dhl

import (
	"cmp"
	"fmt"
	"net/http"
	"net/netip"
	"regexp"

	"waybill/connectors/scans"
	"waybill/connectors/signature"
)

// pushHeader is where the token of a subscription is shown, if the account names no other header.
const pushHeader = "X-Push-Token"

var headerForm = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)

// Push is that of Shipment Tracking - Unified. Whoever subscribes names a header and a token (hook.authentication, ApiKeyAuthentication), and
// each push shows the one in the other.
var Push = scans.Push{
	Method: http.MethodPost,
	Check: func(settings map[string]string) error {
		if name := settings[scans.SettingPushHeader]; name != "" && !headerForm.MatchString(name) {
			return fmt.Errorf("the setting %s is %q: write the name of a header, as %s", scans.SettingPushHeader, name, pushHeader)
		}
		return nil
	},
	Prove: func(d *signature.Delivery, _ netip.Addr, settings map[string]string) (proven bool, id string, err error) {
		err = signature.InHeader(d.Header, cmp.Or(settings[scans.SettingPushHeader], pushHeader), signature.Secrets(settings, scans.SettingPushSecret))
		return err == nil, "", err
	},
}
