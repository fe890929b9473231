package ups

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"net/url"

	"waybill/connectors/remote"
	"waybill/connectors/scans"
	"waybill/schemas"
)

// proven is what of an answer of GET /track/v1/details proves a delivery (Tracking.yaml, DeliveryInformation): pictures, and a page in HTML, all
// in base64.
type proven struct {
	Response struct {
		Shipments scans.List[struct {
			Inquiry  scans.Word `json:"inquiryNumber"`
			Packages scans.List[struct {
				Number   scans.Word `json:"trackingNumber"`
				Delivery struct {
					Signature struct {
						Image string `json:"image"`
					} `json:"signature"`
					Photo struct {
						Photo string `json:"photo"`
					} `json:"deliveryPhoto"`
					POD struct {
						Content string `json:"content"`
					} `json:"pod"`
				} `json:"deliveryInformation"`
			}] `json:"package"`
		}] `json:"shipment"`
	} `json:"trackResponse"`
}

// Prove asks for what proves that a parcel was delivered; nothing if UPS has nothing. It is asked for only then: by default an answer has none
// (Tracking.yaml, returnSignature, returnPOD).
func (a *Asker) Prove(ctx context.Context, number string) ([]schemas.Proof, error) {
	var said proven
	query := url.Values{"locale": {"en_US"}, "returnSignature": {"true"}, "returnPOD": {"true"}}
	if _, err := a.client.Get(ctx, "/track/v1/details/"+url.PathEscape(number), query, &said); err != nil {
		return nil, remote.Asked(understood(err, nil))
	}
	var proofs []schemas.Proof
	for _, shipment := range said.Response.Shipments {
		for i := range shipment.Packages {
			p := &shipment.Packages[i]
			if string(cmp.Or(p.Number, shipment.Inquiry)) != number {
				continue
			}
			for _, one := range []struct{ kind, content string }{
				{schemas.ProofSignature, p.Delivery.Signature.Image}, {schemas.ProofPhoto, p.Delivery.Photo.Photo}, {schemas.ProofDocument, p.Delivery.POD.Content},
			} {
				content, err := base64.StdEncoding.DecodeString(one.content)
				if err != nil {
					return nil, &remote.Failure{Class: remote.Permanent, Code: "unreadable_proof", Reason: fmt.Sprintf("the %s of parcel %s is no base64", one.kind, number)}
				}
				if len(content) > 0 {
					proofs = append(proofs, schemas.Proof{Kind: one.kind, Content: content})
				}
			}
		}
	}
	return proofs, nil
}
