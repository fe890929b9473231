// Package inpost is InPost in Poland, over the ShipX API v1 (dokumentacja-inpost.atlassian.net). What the documentation leaves open is
// taken from what integrators observed; testdata/SOURCES.md says whom. A shipment is bought within a second or two after it was
// answered, and only then has a number and a label; from then on it can not be taken back.
//
// Settings of an account:
//
//	url            where the API is; InPost's
//	token          static
//	organization   the number in its paths
//	service        unless a booking names one; none: inpost_locker_standard to a locker, inpost_courier_standard to a door
//	sending_method any_point to a locker, dispatch_order to a door
//	template       small, medium or large, for a locker; none: the smallest that the parcel fits in
//	format         of the label where a booking names none: pdf, zpl or epl
//	label_type     the paper: A6 or normal; A6
//
// All but the first three may stand in a booking's settings too, and count there.
//
// Parcels are asked about without a word of the account. For that, and for what InPost pushes of them:
//
//	tracking_url   where the tracking of ShipX is; url
//	push_from      networks that webhooks of ShipX come from, with commas between; InPost's. Behind a proxy it is the proxy's address that
//	               is seen: write that one, and have the proxy let in nobody else
//	push_secret    with which the Group API signs, and push_secret_old while it is exchanged; none: it does not
package inpost

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// What is to be known of InPost before a call is made. Lists were seen to lag by up to 5.4 s; who lost an answer asks after minutes. Limits
// are not published: the calls a second are chosen.
const (
	CallMax    = 20 * time.Second
	SettleTime = 5 * time.Minute
	PerSecond  = 5
)

// Formats of labels that InPost makes; the first where nobody says which.
var Formats = []string{schemas.LabelPDF, schemas.LabelZPL, schemas.LabelEPL}

const (
	address   = "https://api-shipx-pl.easypack24.net"
	answerMax = 8 << 20 // bytes, of a label or a page of a list
)

// InPost is an organization.
type InPost struct {
	client   *remote.Client
	settings map[string]string
}

var organization = regexp.MustCompile(`^\d{1,18}$`)

// New is the organization of these settings, which is not spoken to yet.
func New(settings map[string]string) (*InPost, error) {
	if settings["token"] == "" {
		return nil, errors.New("inpost: the setting token is missing")
	}
	if !organization.MatchString(settings["organization"]) {
		return nil, fmt.Errorf("inpost: the setting organization is %q: give its number", settings["organization"])
	}
	return &InPost{settings: settings, client: remote.New(cmp.Or(settings["url"], address), func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+settings["token"])
		r.Header.Set("Accept-Language", "keys") // so that nothing depends on a language
		if strings.HasSuffix(r.URL.Path, "/label") {
			r.Header.Set("Accept", "*/*")
		}
	}).Long(answerMax)}, nil
}

func (i *InPost) shipments() string {
	return "/v1/organizations/" + i.settings["organization"] + "/shipments"
}

// shipment is the path of one. A ref is a number and nothing else, so that none leads anywhere else.
func shipmentPath(ref string) (string, error) {
	if !identity.MatchString(ref) {
		return "", &remote.Failure{Class: remote.Permanent, Code: "bad_ref", Reason: "a shipment at InPost is named by a number"}
	}
	return "/v1/shipments/" + ref, nil
}

var identity = regexp.MustCompile(`^[1-9]\d{0,17}$`)

// Create has a shipment made, which InPost then buys by itself.
func (i *InPost) Create(ctx context.Context, b *schemas.Booking) (schemas.Booked, []byte, error) {
	wanted, err := i.order(b)
	if err != nil {
		return schemas.Booked{}, nil, err
	}
	said, err := i.client.Post(ctx, i.shipments(), wanted, new(shipment))
	if err != nil {
		return schemas.Booked{}, nil, understood(err)
	}
	made, err := readShipment(said)
	if err != nil {
		return schemas.Booked{}, said, err
	}
	return schemas.Booked{Ref: made.ID.String(), Pending: true}, said, nil
}

// Complete looks whether it is bought, and then gets the label.
func (i *InPost) Complete(ctx context.Context, ref string, b *schemas.Booking) (schemas.Booked, []byte, error) {
	path, err := shipmentPath(ref)
	if err != nil {
		return schemas.Booked{}, nil, err
	}
	said, err := i.client.Get(ctx, path, nil, new(shipment))
	if err != nil {
		return schemas.Booked{}, nil, understood(err)
	}
	made, err := readShipment(said)
	if err != nil {
		return schemas.Booked{}, said, err
	}
	booked, err := made.booked()
	if err != nil || booked.Pending {
		return booked, said, err
	}
	format := i.format(b)
	label, err := i.label(ctx, path, format, i.setting(b, "label_type"))
	var f *remote.Failure
	if errors.As(err, &f) && f.Code == invalidAction {
		return schemas.Booked{Ref: booked.Ref, Pending: true}, said, nil
	}
	if err != nil {
		return schemas.Booked{}, said, err
	}
	booked.Parcels = []schemas.BookedParcel{{Number: made.Number, Format: format, Label: label}}
	return booked, said, nil
}

func (i *InPost) label(ctx context.Context, path, format, paper string) ([]byte, error) {
	label, err := i.client.Get(ctx, path+"/label", url.Values{"format": {format}, "type": {cmp.Or(paper, "A6")}}, nil)
	if err != nil {
		return nil, understood(err)
	}
	if schemas.FormatOf(label) != format {
		return nil, &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "InPost sent something else than a label as " + format}
	}
	return label, nil
}

// Cancel deletes a shipment, which InPost does only until it has chosen an offer, in the first half of a second.
func (i *InPost) Cancel(ctx context.Context, ref string) ([]byte, error) {
	path, err := shipmentPath(ref)
	if err != nil {
		return nil, err
	}
	said, err := i.client.Send(ctx, http.MethodDelete, path, nil, nil)
	var f *remote.Failure
	if err = understood(err); !errors.As(err, &f) || f.Code != invalidAction {
		return said, err
	}
	made := new(shipment)
	if said, err = i.client.Get(ctx, path, nil, made); err != nil {
		return nil, understood(err)
	}
	if made.Status == statusCancelled {
		return said, nil
	}
	f.Class, f.Code, f.Reason = remote.TooLate, "too_late", "InPost has bought the shipment, and deletes it no more"
	return said, f
}

// Quotes are none: InPost tells prices of a contract only in the offers of a shipment that is being made.
func (i *InPost) Quotes(context.Context, *schemas.Booking) ([]schemas.Quote, []byte, error) {
	return nil, nil, nil
}

// Ping asks for the organization itself.
func (i *InPost) Ping(ctx context.Context) error {
	_, err := i.client.Get(ctx, strings.TrimSuffix(i.shipments(), "/shipments"), nil, new(any))
	return understood(err)
}

// setting is what the booking says, or the account.
func (i *InPost) setting(b *schemas.Booking, name string) string {
	return cmp.Or(b.Settings[name], i.settings[name])
}

func (i *InPost) format(b *schemas.Booking) string {
	return cmp.Or(b.Format, i.setting(b, "format"), Formats[0])
}
