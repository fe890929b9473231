package ups

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"waybill/internal/sandbox/label"
	"waybill/internal/sandbox/party"
)

// shipment is one that was booked.
type shipment struct {
	number   string // of its first package
	packages []string
	format   string
	voided   bool

	byPackage bool // its packages have the references
	closed    bool // too late to void it
	booked    time.Time
}

// success is the Response of an answer.
func success(alerts ...any) map[string]any {
	r := map[string]any{
		"ResponseStatus": code1("1", "Success"), "TransactionReference": map[string]string{"TransactionIdentifier": "sandbox"},
	}
	if len(alerts) > 0 {
		r["Alert"] = alerts
	}
	return r
}

func code1(code, description string) map[string]string {
	return map[string]string{"Code": code, "Description": description}
}

func (u *UPS) create(c *party.Call) party.Reply {
	var asked struct {
		ShipmentRequest struct {
			Request            struct{ RequestOption, SubVersion string }
			Shipment           shipping
			LabelSpecification struct {
				LabelImageFormat code
				LabelStockSize   struct{ Height, Width string }
			}
		}
	}
	if !isObject(c.Body, &asked) {
		return *bad("10001", "The request is not well formed or the operation is not defined.")
	}
	wanted, printed := asked.ShipmentRequest.Shipment, asked.ShipmentRequest.LabelSpecification
	if wrong := wanted.check(u.options.ShipperNumber); wrong != nil {
		return *wrong
	}
	switch {
	case wanted.Service == nil || !slices.Contains(services, wanted.Service.Code):
		return *bad("121210", "The requested service is unavailable between the selected locations.")
	case !slices.Contains(formats, printed.LabelImageFormat.Code):
		return *bad("121000", "Missing or invalid label image format")
	case printed.LabelImageFormat.Code != "GIF" && (printed.LabelStockSize.Height != "6" && printed.LabelStockSize.Height != "8" || printed.LabelStockSize.Width != "4"):
		return *bad("121001", "Missing or invalid label stock size")
	case wanted.PaymentInformation == nil || len(wanted.PaymentInformation.ShipmentCharge) == 0:
		return *bad("120400", "Missing or invalid payment information")
	}
	references, wrong := wanted.references()
	if wrong != nil {
		return *wrong
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.shipments) >= u.options.ShipmentsMax {
		return u.Refuse(http.StatusInsufficientStorage, "no more shipments are kept", 0)
	}
	made := u.book(references, &wanted, printed.LabelImageFormat.Code)
	c.Done(strings.Join(references[:min(1, len(references))], ""), made.number)
	return party.JSON(http.StatusOK, map[string]any{"ShipmentResponse": map[string]any{
		"Response":        success(code1("120900", "User Id and Shipper Number combination is not qualified to receive negotiated rates")),
		"ShipmentResults": made.results(&wanted),
	}})
}

// references are those of the shipment or, within the United States and Puerto Rico, of its packages (Shipping.yaml, ReferenceNumber).
func (s *shipping) references() (values []string, wrong *party.Reply) {
	domestic := !s.isAbroad() && (s.from().CountryCode == "US" || s.from().CountryCode == "PR")
	all := s.ReferenceNumber
	if domestic && len(all) > 0 {
		return nil, bad("120541", "Shipment level reference numbers are not allowed for this origin and destination")
	}
	for _, p := range s.Package {
		if !domestic && len(p.ReferenceNumber) > 0 {
			return nil, bad("120541", "Package level reference numbers are not allowed for this origin and destination")
		}
		all = append(all, p.ReferenceNumber...)
	}
	for _, r := range all {
		if !between(r.Value, 1, 35) {
			return nil, bad("120542", "Invalid reference number value")
		}
		if !slices.Contains(values, r.Value) {
			values = append(values, r.Value)
		}
	}
	return values, nil
}

func (u *UPS) book(references []string, wanted *shipping, format string) *shipment {
	made := &shipment{format: format, booked: u.options.Now().UTC(), byPackage: len(wanted.ReferenceNumber) == 0}
	for range wanted.Package {
		u.numbers++
		made.packages = append(made.packages, tracking(u.options.ShipperNumber, wanted.Service.Code, u.numbers))
	}
	made.number = made.packages[0]
	u.shipments[made.number] = made
	for _, number := range made.packages {
		u.packages[number] = made
		u.parcels.Add(number, strings.Join(references[:min(1, len(references))], ""), false, u.options.Now())
	}
	for _, reference := range references {
		u.byRef[reference] = append(u.byRef[reference], made)
	}
	return made
}

// results is the specification's ShipmentResults; PackageResults is a list since v2403.
func (s *shipment) results(wanted *shipping) map[string]any {
	var packages []any
	for _, number := range s.packages {
		packages = append(packages, map[string]any{"TrackingNumber": number, "ShippingLabel": map[string]any{
			"ImageFormat": code1(s.format, s.format), "GraphicImage": s.label(number),
		}})
	}
	return map[string]any{
		"ShipmentIdentificationNumber": s.number, "PackageResults": packages,
		"ShipmentCharges": map[string]any{"TotalCharges": price(wanted, wanted.Service.Code)},
		"BillingWeight":   map[string]any{"UnitOfMeasurement": code1("KGS", "Kilograms"), "Weight": "1.0"},
	}
}

func (s *shipment) label(number string) string {
	var drawn []byte
	switch s.format {
	case "ZPL":
		drawn = label.ZPL(number, "UPS")
	case "EPL", "SPL":
		drawn = label.EPL(number, "UPS")
	case "PDF":
		drawn = label.PDF(number, "UPS")
	default:
		drawn = label.GIF(number, "UPS")
	}
	return base64.StdEncoding.EncodeToString(drawn)
}

func (u *UPS) void(c *party.Call) party.Reply {
	u.mu.Lock()
	defer u.mu.Unlock()
	found := u.shipments[c.PathValue("id")]
	switch {
	case found == nil, found.voided, found.closed, slices.ContainsFunc(found.packages, u.parcels.Held):
		return *bad("190102", "No shipment found within the allowed void period")
	}
	found.voided = true
	for _, number := range found.packages {
		u.parcels.Cancel(number)
	}
	c.Done(found.number, "Voided")
	return party.JSON(http.StatusOK, map[string]any{"VoidShipmentResponse": map[string]any{
		"Response": success(), "SummaryResult": map[string]any{"Status": code1("1", "Voided")},
	}})
}

// EndPeriod ends the time in which the shipments that there are can be voided.
func (u *UPS) EndPeriod() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, one := range u.shipments {
		one.closed = true
	}
}

// tracking is a number of 18 characters that ends in a digit which proves the others (the 1Z rules).
func tracking(shipper, service string, number int) string {
	text := fmt.Sprintf("%s%s%07d", shipper, service, number)
	sum := 0
	for i, character := range text {
		value := int(character - '0')
		if character >= 'A' {
			value = int(character-'?') % 10
		}
		sum += value * (1 + i%2)
	}
	return fmt.Sprintf("1Z%s%d", text, (10-sum%10)%10)
}
