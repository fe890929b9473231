// Package dhl is DHL Parcel DE, over the Shipping API v2 of Post & Parcel Germany (developer.dhl.com, "Parcel DE Shipping", specification
// 2.1.13). One call books one parcel. The API has no key of idempotency, and finds nothing by our reference: what may have been bought is for
// a person.
//
// Settings of an account:
//
//	url            where the API is; that of DHL
//	api_key        of the application (dhl-api-key, client_id)
//	user, password of the business customer
//	api_secret     of the application: then the user logs in by OAuth (password grant), otherwise by HTTP Basic
//	token_url      where tokens are got; that of DHL
//	profile        the user's group; STANDARD_GRUPPENPROFIL
//	product        V01PAK, unless a booking names another service
//	billing_number 14 characters; billing_number_v53wpak and so on, where a product has another
//	format         of the label where a booking names none: pdf or zpl
//	print_format   the paper, as 910-300-700; what the customer's account says
//	contacts       send: the receiver's e-mail and telephone number are passed on, for which DHL asks us to have their consent
//
// All but the first six may stand in a booking's settings too, and count there.
//
// Those with which parcels are asked about, and with which DHL proves what it pushes of them:
//
//	tracking          unified: Shipment Tracking - Unified is asked, which api_key is enough for; otherwise the tracking of DHL Parcel DE
//	unified_url, tracking_url where the one and the other are; those of DHL
//	tracking_user, tracking_password of the account at that of DHL Parcel DE (appname, password), which wants api_key and api_secret too
//	push_secret       the token of the subscription, and push_secret_old while it is exchanged
//	push_header       in which DHL shows it; X-Push-Token
package dhl

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

// What is to be known of DHL before a call is made. The specification names neither a limit nor a longest time: these are chosen.
const (
	CallMax    = 30 * time.Second
	SettleTime = time.Minute
	PerSecond  = 5
)

// Formats of labels that DHL makes (docFormat); the first where nobody says which.
var Formats = []string{schemas.LabelPDF, schemas.LabelZPL}

const (
	address      = "https://api-eu.dhl.com/parcel/de/shipping/v2"
	tokenAddress = "https://api-eu.dhl.com/parcel/de/account/auth/ropc/v1/token"
	answerMax    = 8 << 20 // bytes: documents are in it
)

// DHL is an account.
type DHL struct {
	client   *remote.Client
	settings map[string]string
}

// New is the account with these settings, which is not spoken to yet.
func New(settings map[string]string) (*DHL, error) {
	for _, needed := range []string{"api_key", "user", "password"} {
		if settings[needed] == "" {
			return nil, fmt.Errorf("dhl: the setting %s is missing", needed)
		}
	}
	key, secret := settings["api_key"], settings["api_secret"]
	basic := secret == ""
	client := remote.New(cmp.Or(settings["url"], address), func(r *http.Request) {
		r.Header.Set("Accept-Language", "en-US")
		if basic {
			r.Header.Set("dhl-api-key", key)
			r.SetBasicAuth(settings["user"], settings["password"])
		}
	})
	if !basic {
		login := remote.TokenSettings{URL: cmp.Or(settings["token_url"], tokenAddress), Client: key, Secret: secret}
		client = client.With(remote.ForPassword(login, settings["user"], settings["password"]), func(r *http.Request, token string) {
			r.Header.Set("Authorization", "Bearer "+token)
		})
	}
	return &DHL{client: client.Long(answerMax), settings: settings}, nil
}

// Create books one parcel. An address that DHL could not sort by machine has no label (mustEncode).
func (d *DHL) Create(ctx context.Context, b *schemas.Booking) (schemas.Booked, []byte, error) {
	wanted, err := d.order(b)
	if err != nil {
		return schemas.Booked{}, nil, err
	}
	query := d.documents(b)
	query.Set("mustEncode", "true")
	return d.read(b)(d.client.Post(ctx, "/orders?"+query.Encode(), wanted, new(answer)))
}

// Complete gets the documents of a shipment once more; DHL has them until its day is closed.
func (d *DHL) Complete(ctx context.Context, ref string, b *schemas.Booking) (schemas.Booked, []byte, error) {
	query := d.documents(b)
	query.Set("shipment", ref)
	booked, said, err := d.read(b)(d.client.Get(ctx, "/orders", query, new(answer)))
	if err == nil && booked.Pending {
		err = &remote.Failure{Class: remote.Permanent, Code: "no_label", Reason: "DHL has the shipment, and no label of the form asked for"}
	}
	return booked, said, err
}

// documents asks for labels in the answer itself.
func (d *DHL) documents(b *schemas.Booking) url.Values {
	form := map[string]string{schemas.LabelZPL: "ZPL2", schemas.LabelPDF: "PDF"}[d.format(b)]
	query := url.Values{"docFormat": {form}, "includeDocs": {"include"}}
	if paper := d.setting(b, "print_format"); paper != "" {
		query.Set("printFormat", paper)
	}
	return query
}

func (d *DHL) format(b *schemas.Booking) string {
	return cmp.Or(b.Format, d.setting(b, "format"), Formats[0])
}

// setting is what the booking says, or the account.
func (d *DHL) setting(b *schemas.Booking, name string) string {
	return cmp.Or(b.Settings[name], d.settings[name])
}

// read understands what an exchange came to.
func (d *DHL) read(b *schemas.Booking) func(said []byte, err error) (schemas.Booked, []byte, error) {
	return func(said []byte, err error) (schemas.Booked, []byte, error) {
		if err != nil {
			return schemas.Booked{}, nil, understood(err, b)
		}
		booked, err := readBooked(said, b, d.format(b))
		return booked, said, err
	}
}

// Cancel deletes a shipment, which DHL does until its day is closed.
func (d *DHL) Cancel(ctx context.Context, ref string) ([]byte, error) {
	query := url.Values{"profile": {cmp.Or(d.settings["profile"], groupProfile)}, "shipment": {ref}}
	said, err := d.client.Send(ctx, http.MethodDelete, "/orders", query, nil)
	var f *remote.Failure
	if errors.As(err, &f) && f.Status == http.StatusBadRequest {
		return nil, readCancelled(f.Said)
	}
	if err != nil {
		return nil, understood(err, nil)
	}
	return said, readCancelled(said)
}

// Find is not possible: a reference is not unique at DHL, and nothing is listed by it.
func (d *DHL) Find(context.Context, *schemas.Booking) (schemas.Booked, []byte, error) {
	return schemas.Booked{}, nil, &remote.Failure{Class: remote.Permanent, Code: "cannot_find", Reason: "DHL finds no shipment by a reference"}
}

// Quotes are none: DHL tells prices in the contract alone.
func (d *DHL) Quotes(context.Context, *schemas.Booking) ([]schemas.Quote, []byte, error) {
	return nil, nil, nil
}

// Ping asks for a shipment that is not there: who may not come in hears that first.
func (d *DHL) Ping(ctx context.Context) error {
	_, err := d.client.Get(ctx, "/orders", url.Values{"shipment": {"0"}}, new(answer))
	err = understood(err, nil)
	var f *remote.Failure
	if errors.Is(err, remote.ErrAbsent) || errors.As(err, &f) && (f.Class == remote.Business || f.Class == remote.Permanent) {
		return nil
	}
	return err
}

// billing is the billing number of a product.
func (d *DHL) billing(b *schemas.Booking, product string) string {
	return cmp.Or(d.setting(b, "billing_number_"+strings.ToLower(product)), d.setting(b, "billing_number"))
}
