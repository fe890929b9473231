package ups

import (
	"context"
	"strconv"
	"time"

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
			TimeInTransit         struct {
				ServiceSummary struct {
					EstimatedArrival struct{ Arrival struct{ Date string } }
				}
			}
		}]
	}
}

// Quotes are what each service between the two places costs (Rating.yaml, Shop); where it has to arrive by some day, also when it does, which UPS says
// to those who say when it is picked up (Shoptimeintransit, DeliveryTimeInformation).
func (u *UPS) Quotes(ctx context.Context, b *schemas.Booking) ([]schemas.Quote, []byte, error) {
	s := u.shipment(b)
	s.PaymentDetails = u.payment()
	for i := range s.Package {
		s.Package[i].PackagingType = &code{"02"}
	}
	option := "Shop"
	if b.DeliverBy != nil {
		option = "Shoptimeintransit"
		s.askTimes(b)
	}
	wanted := map[string]any{"RateRequest": map[string]any{
		"Request": request{SubVersion: "2409", TransactionReference: transaction{b.Reference}}, "Shipment": s,
	}}
	var a rated
	said, err := u.client.Post(ctx, "/rating/v2409/"+option, wanted, &a)
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
		quotes = append(quotes, schemas.Quote{Service: r.Service.Code, Price: *price, By: dayOf(r.TimeInTransit.ServiceSummary.EstimatedArrival.Arrival.Date)})
	}
	return quotes, nil
}

const upsDay = "20060102" // of a day, YYYYMMDD

// nonDocument is the PackageBillType of goods.
const nonDocument = "03"

// askTimes asks when each service arrives. Between countries UPS wants to know for that what all of it weighs and is worth.
func (s *shipment) askTimes(b *schemas.Booking) {
	s.DeliveryTimeInformation = &pickup{PackageBillType: nonDocument}
	s.DeliveryTimeInformation.Pickup.Date = b.ReadyAt.Time().UTC().Format(upsDay)
	var all weight
	var sum float64
	for _, p := range s.Package {
		heavy, _ := strconv.ParseFloat(p.PackageWeight.Weight, 64) // we wrote it
		all, sum = p.PackageWeight, sum+heavy
	}
	all.Weight = strconv.FormatFloat(sum, 'f', 1, 64)
	s.ShipmentTotalWeight = &all
	if b.Goods.Currency != "" {
		s.InvoiceLineTotal = &amount{b.Goods.Currency, b.Goods.String()}
	}
}

// dayOf is the beginning of a day; nil if none is named.
func dayOf(date string) *schemas.Millis {
	day, err := time.Parse(upsDay, date)
	if err != nil {
		return nil
	}
	return new(schemas.At(day))
}
