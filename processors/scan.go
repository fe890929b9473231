package processors

import (
	"strings"

	"waybill/schemas"
)

// What was scanned while a shipment was packed is held against what is to be in it: what does not fit gets no label (item 98).

// SettingScans is the setting of a party about what is scanned of what it sells.
const SettingScans = "scans"

// scanned is what somebody has scanned of a shipment, which the ERP may not have said to be ready yet. It stands for all that is in it. The same codes
// are judged again: what they are the numbers of may be known by now.
func (r *requesting) scanned(s *schemas.Shipment) {
	var codes []schemas.PackedArticle
	for _, line := range s.Lines {
		codes = append(codes, schemas.PackedArticle{SKU: line.SKU, Quantity: line.Quantity})
	}
	r.standing(s.Ref).Scanned = codes
}

// isScan tells whether the event is a scan of that shipment. Whoever scans is answered, each time.
func (r *requesting) isScan(sh *schemas.ShipmentStanding) bool {
	s, is := r.event.Value.(*schemas.Shipment)
	return is && s.State == schemas.ShipmentScanned && s.Ref == sh.Ref
}

// answerScan says of what keeps its label, or is to get one, whether what was scanned fits.
func (r *requesting) answerScan(sh *schemas.ShipmentStanding, odd, text string) {
	switch {
	case odd == "":
		r.say(sh, schemas.ShipmentKept, "").Text = "what was scanned is what is to be in it"
	case odd == schemas.HeldScanMismatch:
		r.say(sh, schemas.ShipmentKept, odd).Text = text + "; the label that was bought stays: look into the parcel before it leaves"
	}
}

// scanFault is why what was scanned of a shipment holds it, and what is wrong for people; "" if it fits, or nobody has to scan.
func (r *requesting) scanFault(sh *schemas.ShipmentStanding, lines []schemas.ShipmentLine) (why, text string, err error) {
	if len(sh.Scanned) == 0 {
		if r.sources.terms(r.order.Party).Shipping.Scans {
			why = schemas.HeldNotScanned
		}
		return why, whys[why], nil
	}
	all, err := r.toScan(sh, lines)
	if err != nil {
		return "", "", err
	}
	lacks, left := matchScan(sh.Scanned, all)
	var wrong []string
	if len(lacks) > 0 {
		wrong = append(wrong, "not scanned: "+counted(lacks))
	}
	if len(left) > 0 {
		wrong = append(wrong, "not in it: "+counted(left))
	}
	if wrong == nil {
		return "", "", nil
	}
	return schemas.HeldScanMismatch, "what was scanned is not what is to be in it: " + strings.Join(wrong, "; "), nil
}

// scanFaultNow is that of a shipment that was asked for, which may be packed otherwise by now.
func (r *requesting) scanFaultNow(sh *schemas.ShipmentStanding) (why, text string, err error) {
	lines := sh.Lines
	if len(sh.Articles) > 0 {
		if now, none := r.linesFor(sh); none == "" {
			lines = now
		}
	}
	return r.scanFault(sh, lines)
}
