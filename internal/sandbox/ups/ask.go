package ups

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"waybill/internal/sandbox/party"
)

// isObject reads a body that may have more in it than is looked at: UPS ignores what it does not know.
func isObject(body []byte, into any) bool { return json.Unmarshal(body, into) == nil }

// recoveredFor is how long labels are kept (Shipping.yaml, PickupDateRange).
const recoveredFor = 30 * 24 * time.Hour

// recover answers labels again. That there is nothing, and that it was voided, are the codes that UPS was seen to answer.
func (u *UPS) recover(c *party.Call) party.Reply {
	var asked struct {
		LabelRecoveryRequest *struct {
			LabelSpecification struct{ LabelImageFormat code }
			TrackingNumber     string
			ReferenceValues    struct {
				ReferenceNumber struct{ Value string }
				ShipperNumber   string
			}
		}
	}
	if !isObject(c.Body, &asked) || asked.LabelRecoveryRequest == nil {
		return *bad("10001", "The request is not well formed or the operation is not defined.")
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	is := asked.LabelRecoveryRequest
	var found []*shipment
	switch {
	case is.TrackingNumber != "":
		if one := u.packages[is.TrackingNumber]; one != nil {
			found = []*shipment{one}
		}
	case is.ReferenceValues.ShipperNumber == u.options.ShipperNumber:
		found = u.byRef[is.ReferenceValues.ReferenceNumber.Value]
	}
	return u.recovered(found, is.TrackingNumber, is.LabelSpecification.LabelImageFormat.Code)
}

// recovered answers the labels of a shipment, or of one package of it. Several shipments are named, and so are packages that have the
// reference themselves.
func (u *UPS) recovered(found []*shipment, tracking, format string) party.Reply {
	var good []*shipment
	var candidates []any
	for _, one := range found {
		if one.voided || u.options.Now().Sub(one.booked) >= recoveredFor {
			continue
		}
		good = append(good, one)
		for _, number := range one.packages {
			candidates = append(candidates, map[string]string{"TrackingNumber": number})
		}
	}
	switch {
	case len(good) == 0 && len(found) > 0 && found[0].voided:
		return *bad("9801040", "The shipment has been voided")
	case len(good) == 0:
		return *bad("9801031", "No shipment was found")
	case tracking == "" && (len(good) > 1 || good[0].byPackage && len(candidates) > 1):
		return party.JSON(http.StatusOK, map[string]any{"LabelRecoveryResponse": map[string]any{"Response": success(), "TrackingCandidate": candidates}})
	}
	drawn := *good[0]
	if format != "" {
		drawn.format = format
	}
	var results []any
	for _, number := range drawn.packages {
		if tracking != "" && number != tracking {
			continue
		}
		results = append(results, map[string]any{"TrackingNumber": number, "LabelImage": map[string]any{
			"LabelImageFormat": map[string]string{"Code": drawn.format}, "GraphicImage": drawn.label(number),
		}})
	}
	return party.JSON(http.StatusOK, map[string]any{"LabelRecoveryResponse": map[string]any{
		"Response": success(), "ShipmentIdentificationNumber": drawn.number, "LabelResults": results,
	}})
}

// shop is what each of some services costs.
func (u *UPS) shop(c *party.Call) party.Reply { return u.rate(c, false) }

// shopTimes answers when each arrives too, if it is told when it is picked up (Rating.yaml, TimeInTransit).
func (u *UPS) shopTimes(c *party.Call) party.Reply { return u.rate(c, true) }

func (u *UPS) rate(c *party.Call, times bool) party.Reply {
	var asked struct{ RateRequest *struct{ Shipment shipping } }
	if !isObject(c.Body, &asked) || asked.RateRequest == nil {
		return *bad("10001", "The request is not well formed or the operation is not defined.")
	}
	wanted := asked.RateRequest.Shipment
	if wrong := wanted.check(u.options.ShipperNumber); wrong != nil {
		return *wrong
	}
	var rated []any
	for _, service := range []string{"11", "65", "07"} {
		one := map[string]any{
			"Service": code1(service, ""), "TotalCharges": price(&wanted, service), "RatedShipmentAlert": []any{
				code1("110971", "Your invoice may vary from the displayed reference rates"),
			},
		}
		if asked := wanted.DeliveryTimeInformation; times && asked != nil {
			from, err := time.Parse(day, asked.Pickup.Date)
			if err != nil || asked.PackageBillType == "" {
				return *bad("111030", "Missing or invalid Time in Transit information.")
			}
			one["TimeInTransit"] = transit(from, service)
		}
		rated = append(rated, one)
	}
	return party.JSON(http.StatusOK, map[string]any{"RateResponse": map[string]any{"Response": success(), "RatedShipment": rated}})
}

// transit is made up: a standard parcel takes three days, the others one.
func transit(from time.Time, service string) map[string]any {
	days := map[string]int{"11": 3}[service]
	days = max(days, 1)
	return map[string]any{"PickupDate": from.Format(day), "PackageBillType": "03", "ServiceSummary": map[string]any{
		"Service": map[string]string{"Description": ""}, "EstimatedArrival": map[string]any{
			"Arrival": map[string]string{"Date": from.AddDate(0, 0, days).Format(day), "Time": "233000"}, "BusinessDaysInTransit": strconv.Itoa(days),
		},
	}}
}

// price is made up: by service and weight, in the money of where it comes from.
func price(s *shipping, service string) map[string]string {
	var total float64
	for _, p := range s.Package {
		heavy, _ := strconv.ParseFloat(p.PackageWeight.Weight, 64)
		total += 5 + heavy
	}
	factor := map[string]float64{"11": 1, "65": 2, "07": 3}[service]
	currency := map[string]string{"US": "USD", "PL": "PLN", "GB": "GBP", "CZ": "CZK"}[s.from().CountryCode]
	if currency == "" {
		currency = "EUR"
	}
	return map[string]string{"CurrencyCode": currency, "MonetaryValue": fmt.Sprintf("%.2f", math.Max(factor, 1)*total)}
}
