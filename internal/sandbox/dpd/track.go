package dpd

import (
	"encoding/xml"
	"net/http"

	"waybill/internal/sandbox/parcel"
	"waybill/internal/sandbox/party"
)

// text is how every sentence is written there.
type text struct {
	Content   string `xml:"content"`
	Bold      bool   `xml:"bold"`
	Paragraph bool   `xml:"paragraph"`
}

// paragraph is a sentence, one level deeper.
type paragraph struct {
	Content text `xml:"content"`
}

// milestone is a statusInfo, or the shipmentInfo.
type milestone struct {
	Service     *service   `xml:"serviceDescription"`
	Status      string     `xml:"status"`
	Label       *text      `xml:"label"`
	Description *paragraph `xml:"description"`
	Reached     bool       `xml:"statusHasBeenReached"`
	Current     bool       `xml:"isCurrentStatus"`
	Contact     bool       `xml:"showContactInfo"`
	Location    *text      `xml:"location"`
	Date        *text      `xml:"date"`
}

type service struct {
	Label   text `xml:"label"`
	Content text `xml:"content"`
}

// template is the order in which milestones stand, whenever they were reached.
var template = []string{"PickedUp", "BetweenDepots", "Depot", "Warehouse", "Courier", "DeliveryFailure", "ReturningFromDelivery", "ParcelShop", "Delivered"}

// always are those that are shown without a scan too, as what is to come.
var always = map[string]bool{"PickedUp": true, "BetweenDepots": true, "Depot": true, "Courier": true, "Delivered": true}

var labels = map[string]string{
	"PickedUp": "Parcel handed to DPD", "BetweenDepots": "In transit", "Depot": "At parcel delivery centre", "Warehouse": "At parcel delivery centre",
	"Delivered": "Parcel delivered",
}

func labelOf(status string) string {
	if label := labels[status]; label != "" {
		return label
	}
	return "Parcel out for delivery"
}

// getTrackingData answers the milestones of a parcel. Of one that is not known none is reached: no sample of a fault for it is published.
func (d *DPD) getTrackingData(c *party.Call) party.Reply {
	var asked envelope
	if xml.Unmarshal(c.Body, &asked) != nil || asked.GetTrackingData == nil {
		return refusedSOAP(http.StatusInternalServerError, "The envelope can not be read", 0)
	}
	if !d.opens(asked) {
		return unauthorized(tokenFault, "The token is not valid.")
	}
	var body struct {
		Response struct {
			Space  string `xml:"xmlns,attr"`
			Result struct {
				Shipment milestone   `xml:"shipmentInfo"`
				Statuses []milestone `xml:"statusInfo"`
			} `xml:"trackingresult"`
		} `xml:"getTrackingDataResponse"`
	}
	body.Response.Space = typesOf + "ParcelLifeCycleService/2.0"
	p, found := d.parcels.Find(asked.GetTrackingData.Number)
	result := &body.Response.Result
	result.Shipment = milestone{
		Service: &service{Label: text{Content: "Your DPD service:"}, Content: text{Content: "DPD CLASSIC"}},
		Status:  "SHIPMENT", Reached: found, Current: found && len(p.Scans) == 1,
	}
	result.Statuses = milestones(p)
	return soap(http.StatusOK, body)
}

func milestones(p parcel.Parcel) (all []milestone) {
	for _, status := range template {
		reached := false
		for i, s := range p.Scans {
			says := saysOf(s)
			if says.milestone != status {
				continue
			}
			reached = true
			all = append(all, milestone{
				Status: status, Label: &text{Content: labelOf(status), Bold: true}, Description: &paragraph{text{Content: says.text}},
				Reached: true, Current: i == len(p.Scans)-1, Contact: true,
				Location: &text{Content: s.Place.City + " (" + s.Place.Country + ")", Bold: true}, Date: &text{Content: s.At.In(parcel.Berlin).Format("1/2/2006 3:04:05 PM"), Bold: true},
			})
		}
		if !reached && always[status] {
			all = append(all, milestone{Status: status, Label: &text{Content: labelOf(status)}})
		}
	}
	return all
}
