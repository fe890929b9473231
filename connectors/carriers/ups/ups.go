// Package ups is UPS, over its Shipping API v2409, Rating API v2409 and OAuth client credentials (github.com/UPS-API/api-documentation:
// Shipping.yaml, Rating.yaml, OAuthClientCredentials.yaml). One call books all packages of a shipment. The API has no key of idempotency; what
// was booked is found by our reference and the shipper's number, with its labels (Label Recovery).
//
// Settings of an account:
//
//	url            where the API is; that of UPS
//	token_url      where tokens are got; that of UPS
//	client_id, client_secret of the application
//	shipper_number of the account that pays, six letters and digits
//	service        code of the service, unless a booking names another; 11, UPS Standard
//	packaging      code of the packaging; 02, the shipper's own
//	format         of the label where a booking names none: zpl, gif or epl
//	description    of the goods, where it crosses a border; Goods
//	negotiated     yes: the prices of the contract are told, where it has some
//	contacts       send: the receiver's e-mail is passed on, and the telephone number where UPS does not ask for it
//
// All but the first five may stand in a booking's settings too, and count there.
//
// Parcels are asked about with the same client. For that, and for what UPS pushes of them:
//
//	tracking_url   where the Tracking API and Track Alert are; url
//	push_secret    what UPS shows in the header credential, and push_secret_old while it is exchanged; none: no pushes are subscribed to
//	push_url       of our door, which UPS is told with each subscription; none: the one that the account has at UPS
package ups

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// What is to be known of UPS before a call is made. Nothing of it is documented: it is chosen.
const (
	CallMax    = 30 * time.Second
	SettleTime = 2 * time.Minute
	PerSecond  = 5
	ParcelsMax = 50
)

// Formats of labels that UPS makes, of those we know (LabelImageFormat); the first where nobody says which.
var Formats = []string{schemas.LabelZPL, schemas.LabelGIF, schemas.LabelEPL}

const (
	address      = "https://onlinetools.ups.com/api"
	tokenAddress = "https://onlinetools.ups.com/security/v1/oauth/token"
	answerMax    = 32 << 20 // bytes: the labels of all packages are in it
)

// UPS is an account.
type UPS struct {
	client   *remote.Client
	settings map[string]string
}

// New is the account with these settings, which is not spoken to yet.
func New(settings map[string]string) (*UPS, error) {
	for _, needed := range []string{"client_id", "client_secret", "shipper_number"} {
		if settings[needed] == "" {
			return nil, fmt.Errorf("ups: the setting %s is missing", needed)
		}
	}
	return &UPS{client: speak(cmp.Or(settings["url"], address), settings).Long(answerMax), settings: settings}, nil
}

// speak is a client of one of the APIs, with what all of them want to hear.
func speak(at string, settings map[string]string) *remote.Client {
	login := remote.TokenSettings{
		URL: cmp.Or(settings["token_url"], tokenAddress), Client: settings["client_id"], Secret: settings["client_secret"], InHeader: true,
	}
	return remote.New(at, func(r *http.Request) {
		r.Header.Set("transId", rand.Text()) // of one request, at most 32 characters
		r.Header.Set("transactionSrc", "waybill")
	}).With(remote.ForClient(login), func(r *http.Request, token string) { r.Header.Set("Authorization", "Bearer "+token) })
}

// setting is what the booking says, or the account.
func (u *UPS) setting(b *schemas.Booking, name string) string {
	return cmp.Or(b.Settings[name], u.settings[name])
}

func (u *UPS) format(b *schemas.Booking) string {
	return cmp.Or(b.Format, u.setting(b, "format"), Formats[0])
}

// Create books all packages of a booking.
func (u *UPS) Create(ctx context.Context, b *schemas.Booking) (schemas.Booked, []byte, error) {
	wanted, err := u.creation(b)
	if err != nil {
		return schemas.Booked{}, nil, err
	}
	var a created
	said, err := u.client.Post(ctx, "/shipments/v2409/ship", wanted, &a)
	if err != nil {
		return schemas.Booked{}, nil, understood(err, b)
	}
	booked, err := a.booked(b, u.format(b))
	return booked, said, err
}

// Cancel voids a shipment. UPS does not say whether one that it refuses to void was voided before: that is asked for.
func (u *UPS) Cancel(ctx context.Context, ref string) ([]byte, error) {
	var a voided
	said, err := u.client.Send(ctx, http.MethodDelete, "/shipments/v2409/void/cancel/"+url.PathEscape(ref), nil, nil)
	if err == nil {
		return said, a.read(said)
	}
	if err = understood(err, nil); !is(err, codeNotVoidable) {
		return nil, err
	}
	if _, asked := u.recovered(ctx, recovery{TrackingNumber: ref}, Formats[0]); is(asked, codeVoided) {
		return nil, nil
	}
	return nil, &remote.Failure{Class: remote.TooLate, Code: codeNotVoidable, Reason: "UPS voids shipment " + ref + " no more"}
}

// Ping asks for the label of a package that is not there.
func (u *UPS) Ping(ctx context.Context) error {
	_, err := u.recovered(ctx, recovery{TrackingNumber: "1Z0000000000000000"}, Formats[0])
	if class := classOf(err); class == remote.Business || class == remote.Permanent {
		return nil
	}
	return err
}
