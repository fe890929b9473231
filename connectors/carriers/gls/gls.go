// Package gls is GLS, over the ShipIT-Farm API (dev-portal.gls-group.net, shipit-farm v1, and the samples of ShipIT's own documentation,
// webservices 5_0_11). One call books all parcels of a shipment. The API has no key of idempotency; what was booked is found by our reference.
//
// Settings of an account:
//
//	url           where the API is; that of GLS
//	token_url     where tokens are got; that of GLS
//	client_id, client_secret of the application
//	contact_id    that GLS knows the shipper by
//	product       PARCEL, unless a booking names another service
//	services      names of services that each shipment has, as service_flexdelivery, with commas between
//	format        of the label where a booking names none: pdf, zpl or png
//	template      its TemplateSet; NONE, of ZPL ZPL_200
//	contacts      send: the receiver's e-mail and telephone number are passed on
//	sender        booking: who sends stands on the label, otherwise the shipper that GLS knows
//
// All but the first five may stand in a booking's settings too, and count there.
//
// Parcels are asked about with the same client, at tracking_url: where Track & Trace V1 is; that of GLS.
package gls

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// What is to be known of GLS before a call is made. Nothing of it is documented: it is chosen.
const (
	CallMax    = 30 * time.Second
	SettleTime = 2 * time.Minute
	PerSecond  = 5
	ParcelsMax = 50
)

// Formats of labels that GLS makes, of those we know (LabelFormat); the first where nobody says which.
var Formats = []string{schemas.LabelPDF, schemas.LabelZPL, schemas.LabelPNG}

const (
	address      = "https://api.gls-group.net/shipit-farm/v1/backend"
	tokenAddress = "https://api.gls-group.net/oauth2/v2/token"
	mediaType    = "application/glsVersion1+json"
	answerMax    = 32 << 20 // bytes: the labels of all parcels are in it
)

// GLS is an account.
type GLS struct {
	client   *remote.Client
	settings map[string]string
}

// New is the account with these settings, which is not spoken to yet.
func New(settings map[string]string) (*GLS, error) {
	for _, needed := range []string{"client_id", "client_secret", "contact_id"} {
		if settings[needed] == "" {
			return nil, fmt.Errorf("gls: the setting %s is missing", needed)
		}
	}
	client := remote.New(cmp.Or(settings["url"], address), func(r *http.Request) {
		r.Header.Set("Accept", mediaType)
		r.Header.Set("Content-Type", mediaType)
	}).With(remote.ForClient(login(settings)), bear)
	return &GLS{client: client.Long(answerMax), settings: settings}, nil
}

// login is where the application gets its tokens.
func login(settings map[string]string) remote.TokenSettings {
	return remote.TokenSettings{
		URL: cmp.Or(settings["token_url"], tokenAddress), Client: settings["client_id"], Secret: settings["client_secret"], InHeader: true,
	}
}

func bear(r *http.Request, token string) { r.Header.Set("Authorization", "Bearer "+token) }

// setting is what the booking says, or the account.
func (g *GLS) setting(b *schemas.Booking, name string) string {
	return cmp.Or(b.Settings[name], g.settings[name])
}

func (g *GLS) format(b *schemas.Booking) string {
	return cmp.Or(b.Format, g.setting(b, "format"), Formats[0])
}

// Create books all parcels of a booking.
func (g *GLS) Create(ctx context.Context, b *schemas.Booking) (schemas.Booked, []byte, error) {
	wanted, err := g.creation(b)
	if err != nil {
		return schemas.Booked{}, nil, err
	}
	var a created
	said, err := g.client.Post(ctx, "/rs/shipments", wanted, &a)
	if err != nil {
		return schemas.Booked{}, nil, understood(err, b)
	}
	booked, err := a.booked(b, g.format(b))
	return booked, said, err
}

// trackIDs joins and parts the parcels of a shipment: GLS itself has no name for all of them.
const trackIDs = "+"

// Cancel takes back each parcel of a shipment, which GLS does before the end of its day.
func (g *GLS) Cancel(ctx context.Context, ref string) (said []byte, err error) {
	for id := range strings.SplitSeq(ref, trackIDs) {
		var a cancelled
		if said, err = g.client.Post(ctx, "/rs/shipments/cancel/"+pathOf(id), struct{}{}, &a); err != nil {
			return nil, understood(err, nil)
		}
		if err = a.failure(id); err != nil {
			return said, err
		}
	}
	return said, nil
}

// Quotes are none: the API tells no prices.
func (*GLS) Quotes(context.Context, *schemas.Booking) ([]schemas.Quote, []byte, error) {
	return nil, nil, nil
}

// Ping looks for a reference that nothing has.
func (g *GLS) Ping(ctx context.Context) error {
	_, err := g.units(ctx, "WAYBILL-PING", time.Now().AddDate(0, 0, -1))
	return understood(err, nil)
}
