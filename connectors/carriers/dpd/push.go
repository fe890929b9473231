package dpd

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"waybill/connectors/scans"
	"waybill/connectors/signature"
)

// pushToken is the parameter of the address given to DPD that proves a push. The service itself signs nothing.
const pushToken = "token"

// Push is that of the Tracking Push Service (Schnelleinstieg 04/2023): a GET a scan, to an address that is set for each account. What is not
// answered as it should be comes again for 48 hours, so what nobody knows here is answered like everything else.
var Push = scans.Push{
	Method: http.MethodGet,
	Prove: func(d *signature.Delivery, _ netip.Addr, settings map[string]string) (proven bool, id string, err error) {
		query, err := url.ParseQuery(rawQuery(d))
		if err != nil || len(query[pushToken]) > 1 {
			return false, "", signature.ErrWrong
		}
		err = signature.Shown(query.Get(pushToken), signature.Secrets(settings, scans.SettingPushSecret))
		return err == nil, query.Get("pushid"), err
	},
	Said: func(d *signature.Delivery) []byte {
		return []byte(strings.Join(slices.DeleteFunc(strings.Split(rawQuery(d), "&"), isToken), "&"))
	},
	Answer: func(said []byte) (contentType string, body []byte) {
		query, _ := url.ParseQuery(string(said)) // it was read before
		return "text/xml; charset=utf-8", []byte("<push><pushid>" + written(query.Get("pushid")) + "</pushid><status>OK</status></push>")
	},
}

func rawQuery(d *signature.Delivery) string {
	_, query, _ := strings.Cut(d.URL, "?")
	return query
}

// isToken says of a part of a query that it is the secret, however its name is written.
func isToken(part string) bool {
	name, _, _ := strings.Cut(part, "=")
	plain, err := url.QueryUnescape(name)
	return err == nil && plain == pushToken
}
