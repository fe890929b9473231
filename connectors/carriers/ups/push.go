package ups

import (
	"net/http"
	"net/netip"

	"waybill/connectors/scans"
	"waybill/connectors/signature"
)

// Push is that of Track Alert (UPSTrackAlert.yaml, webhooks.TrackingEvent): what was agreed with UPS stands in the header credential. Its
// User-Agent proves nothing.
var Push = scans.Push{
	Method: http.MethodPost,
	Prove: func(d *signature.Delivery, _ netip.Addr, settings map[string]string) (proven bool, id string, err error) {
		err = signature.InHeader(d.Header, "Credential", signature.Secrets(settings, scans.SettingPushSecret))
		return err == nil, "", err
	},
}
