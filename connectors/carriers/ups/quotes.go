package ups

import (
	"context"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// rated is a RateResponse.
type rated struct {
	RateResponse struct {
		RatedShipment several[struct {
			Service               code
			TotalCharges          amount
			NegotiatedRateCharges struct{ TotalCharge amount }
		}]
	}
}

// Quotes are what each service between the two places costs (Rating.yaml, Shop). When it arrives, that call does not say.
func (u *UPS) Quotes(ctx context.Context, b *schemas.Booking) ([]schemas.Quote, []byte, error) {
	s := u.shipment(b)
	s.PaymentDetails = u.payment()
	for i := range s.Package {
		s.Package[i].PackagingType = &code{"02"}
	}
	wanted := map[string]any{"RateRequest": map[string]any{
		"Request": request{SubVersion: "2409", TransactionReference: transaction{b.Reference}}, "Shipment": s,
	}}
	var a rated
	said, err := u.client.Post(ctx, "/rating/v2409/Shop", wanted, &a)
	if err != nil {
		return nil, nil, remote.Asked(understood(err, b))
	}
	quotes, err := a.quotes()
	return quotes, said, err
}

func (a *rated) quotes() (quotes []schemas.Quote, err error) {
	for _, r := range a.RateResponse.RatedShipment {
		price := r.NegotiatedRateCharges.TotalCharge.money()
		if price == nil {
			price = r.TotalCharges.money()
		}
		if price == nil || r.Service.Code == "" {
			return nil, &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "UPS answered a rate without a service or a price"}
		}
		quotes = append(quotes, schemas.Quote{Service: r.Service.Code, Price: *price})
	}
	return quotes, nil
}
