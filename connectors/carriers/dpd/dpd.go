// Package dpd is DPD, over the shipping service of its META API (OpenAPI description 2.30, "Specification and description" 1.2), which passes
// on what it hears to the business unit of a country. One call books one parcel: the labels of several would come in one document. The API
// has no key of idempotency, finds nothing by our reference and takes nothing back: what may have been bought is for a person.
//
// Settings of an account:
//
//	url            where the API is; that of DPD
//	business_unit  code of the country's DPD: 001 Germany, 015 Czechia, 021 Poland …
//	user, password that it gave
//	client_id, client_secret beside them, which SEUR (020) asks for
//	account        the customer's number, where the unit asks for it
//	product        code of the product, unless a booking names another service; 101 (Classic), to a point 337
//	format         of the label where a booking names none: pdf, zpl, epl or png, as far as the unit makes them
//	paper          of a PDF: A4, A5, A6 or A7; what the unit says
//	contacts       send: the receiver's e-mail and telephone number are passed on; to a point they always are
//
// All from account on may stand in a booking's settings too, and count there.
//
// Those with which parcels are asked about, over LoginService and ParcelLifeCycleService, and with which DPD proves what it pushes of them:
//
//	tracking_url   where those services are; public-ws.dpd.com
//	tracking_login version of LoginService: 2.0, or 2.1, as the services of the Netherlands and of Belgium have it
//	tracking_user, tracking_password for it (delisId, password); user and password
//	push_secret    token=… in the address that DPD calls, and push_secret_old while it is exchanged
package dpd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// What is to be known of DPD before a call is made. Nothing of it is documented: it is chosen.
const (
	CallMax    = 30 * time.Second
	SettleTime = time.Minute
	PerSecond  = 5
)

// Formats of labels that DPD makes, of those we know (LabelPrintFormat); the first where nobody says which.
var Formats = []string{schemas.LabelPDF, schemas.LabelZPL, schemas.LabelEPL, schemas.LabelPNG}

const (
	address   = "https://api.dpdgroup.com/shipping/v1"
	answerMax = 16 << 20 // bytes: a label is in it
)

// How long a token is used: it is good for 24 hours, that of SEUR for 30 minutes (Specification 1.2, Authentication process).
const (
	tokenLife = 23 * time.Hour
	seur      = "020"
	seurLife  = 25 * time.Minute
)

// DPD is an account.
type DPD struct {
	client   *remote.Client
	settings map[string]string
}

// New is the account with these settings, which is not spoken to yet.
func New(settings map[string]string) (*DPD, error) {
	for _, needed := range []string{"business_unit", "user", "password"} {
		if settings[needed] == "" {
			return nil, fmt.Errorf("dpd: the setting %s is missing", needed)
		}
	}
	life := tokenLife
	if settings["business_unit"] == seur {
		life = seurLife
	}
	at := cmp.Or(settings["url"], address)
	client := remote.New(at, func(*http.Request) {}).With(remote.ForLogin(life, login(at, settings)), func(r *http.Request, token string) {
		r.Header.Set("Authorization", "Bearer "+token)
	})
	return &DPD{client: client.Long(answerMax), settings: settings}, nil
}

// login gets a token, which stands in a header of the answer.
func login(at string, settings map[string]string) func(context.Context) (string, error) {
	door := remote.New(at, func(r *http.Request) {
		r.Header.Set("X-DPD-BUCODE", settings["business_unit"])
		r.Header.Set("X-DPD-LOGIN", settings["user"])
		r.Header.Set("X-DPD-PASSWORD", settings["password"])
		if settings["client_id"] != "" {
			r.Header.Set("X-DPD-CLIENTID", settings["client_id"])
			r.Header.Set("X-DPD-CLIENTSECRET", settings["client_secret"])
		}
	})
	return func(ctx context.Context) (string, error) {
		header, err := door.Announced(ctx, http.MethodPost, "/login")
		if err != nil {
			return "", err
		}
		if token := header.Get("X-DPD-TOKEN"); token != "" {
			return token, nil
		}
		return "", errors.New("the answer to the login has no token in it")
	}
}

// setting is what the booking says, or the account.
func (d *DPD) setting(b *schemas.Booking, name string) string {
	return cmp.Or(b.Settings[name], d.settings[name])
}

func (d *DPD) format(b *schemas.Booking) string {
	return cmp.Or(b.Format, d.setting(b, "format"), Formats[0])
}

// printing says which label is wanted.
func (d *DPD) printing(b *schemas.Booking) string {
	query := url.Values{"LabelPrintFormat": {strings.ToUpper(d.format(b))}}
	if paper := d.setting(b, "paper"); paper != "" && d.format(b) == schemas.LabelPDF {
		query.Set("LabelPaperFormat", paper)
	}
	return "?" + query.Encode()
}

// Create books one parcel.
func (d *DPD) Create(ctx context.Context, b *schemas.Booking) (schemas.Booked, []byte, error) {
	wanted, err := d.order(b)
	if err != nil {
		return schemas.Booked{}, nil, err
	}
	var a answer
	said, err := d.client.Post(ctx, "/shipment"+d.printing(b), []*order{wanted}, &a)
	if err != nil {
		return schemas.Booked{}, nil, understood(err, b)
	}
	booked, err := a.booked(b, d.format(b))
	return booked, said, err
}

// Complete gets the label of a parcel once more (/shipping/v1/label).
func (d *DPD) Complete(ctx context.Context, ref string, b *schemas.Booking) (schemas.Booked, []byte, error) {
	wanted := labelRequest{Shipment: labelled{ShipmentID: ref, Parcels: []string{ref}}}
	if account := d.setting(b, "account"); account != "" {
		wanted.Customer = &customer{account}
	}
	var a answer
	said, err := d.client.Post(ctx, "/label"+d.printing(b), wanted, &a)
	if err != nil {
		return schemas.Booked{}, nil, remote.Asked(understood(err, b))
	}
	booked := schemas.Booked{Ref: ref}
	a.put(&booked, ref, d.format(b))
	return booked, said, nil
}

// Find is not possible.
func (*DPD) Find(context.Context, *schemas.Booking) (schemas.Booked, []byte, error) {
	return schemas.Booked{}, nil, &remote.Failure{Class: remote.Permanent, Code: "cannot_find", Reason: "DPD's META API finds no shipment by a reference"}
}

// Cancel is not possible.
func (*DPD) Cancel(_ context.Context, ref string) ([]byte, error) {
	return nil, &remote.Failure{Class: remote.Permanent, Code: "cannot_cancel", Reason: "DPD's META API has no call that takes shipment " + ref + " back: tell DPD, and destroy the label"}
}

// Quotes are none: the API tells no prices.
func (*DPD) Quotes(context.Context, *schemas.Booking) ([]schemas.Quote, []byte, error) {
	return nil, nil, nil
}

// Ping logs in.
func (d *DPD) Ping(ctx context.Context) error {
	_, err := d.client.Post(ctx, "/label?LabelPrintFormat=PDF", labelRequest{}, new(answer)) // of no parcel: who may not come in hears that first
	err = remote.Asked(understood(err, nil))
	var f *remote.Failure
	if errors.As(err, &f) && (f.Class == remote.Business || f.Class == remote.Permanent) {
		return nil
	}
	return err
}
