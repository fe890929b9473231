package sandbox

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// tracked is a parcel of an order, as the ERP keeps it.
type tracked struct {
	Carrier  string `json:"carrier"`
	Number   string `json:"number"`
	URL      string `json:"url,omitempty"`
	LabelURL string `json:"label_url,omitempty"`
	Status   string `json:"status,omitempty"`
}

// WriteTracking writes down what is known of a parcel, unless it stands there; and looks whether it does then: this ERP may say so, and do
// nothing.
func (e *ERP) WriteTracking(ctx context.Context, t schemas.Tracking) error {
	wanted := tracked{t.Carrier, t.Number, t.URL, t.LabelURL, t.Status}
	path := "/orders/" + url.PathEscape(t.OrderRef)
	stands, err := e.tracks(ctx, path, wanted)
	if err != nil || stands {
		return asked(err)
	}
	if _, err := e.client.Send(ctx, http.MethodPut, path+"/tracking", nil, wanted); err != nil {
		return understood(err)
	}
	if stands, err = e.tracks(ctx, path, wanted); err == nil && !stands {
		err = &remote.Failure{Class: remote.Transient, Code: "not_applied", Perhaps: true, Reason: "parcel " + t.Number + " is not at order " + t.OrderRef + " as it was written"}
	}
	return err
}

// tracks tells whether a parcel stands at the order just like that.
func (e *ERP) tracks(ctx context.Context, path string, wanted tracked) (bool, error) {
	var order struct {
		ID       string    `json:"id"`
		Tracking []tracked `json:"tracking"`
	}
	if _, err := e.client.Get(ctx, path, nil, &order); err != nil {
		return false, understood(err)
	}
	if order.ID == "" {
		return false, unreadable("the answer is no order")
	}
	return slices.Contains(order.Tracking, wanted), nil
}

// asked is the failure of a question, which does nothing.
func asked(err error) error {
	var f *remote.Failure
	if errors.As(err, &f) {
		f.Perhaps = false
	}
	return err
}
