package schemas

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// Readies is what an ERP says of its shipments behind a cursor.
type Readies struct {
	Told []Readied `json:"told"`
	Next string    `json:"next"` // the cursor behind all that is told
	More bool      `json:"more"` // there is more behind it already
	// Again is from when on what changed is said once more, because it may not all have been seen: the overlap of two readings.
	Again time.Time `json:"-"`
}

// Readied is how a shipment stands that was made ready.
type Readied struct {
	Kind      string    `json:"kind"`     // as of an ERPRaw
	Ref       string    `json:"ref"`      // what the ERP calls it
	OrderID   string    `json:"order_id"` // ours, as its order carries it, or what somebody wrote there on an order of their own
	Revision  string    `json:"revision"` // the ERP's mark of this state
	ChangedAt time.Time `json:"changed_at"`
	Grams     int64     `json:"grams"` // weight of the goods; 0 if the ERP does not know it
	Parcels   []Parcel  `json:"parcels,omitempty"`
	// Articles are what is in it; none if the ERP does not say: then it is all that is left of the order.
	Articles []PackedArticle `json:"articles,omitempty"`
	// Location is where it leaves from, as the ERP calls it; "" if the ERP does not say.
	Location string `json:"location,omitempty"`
	// To is where its order goes, as it stands in the ERP; nil if the ERP does not say.
	To *Destination `json:"to,omitempty"`
	// Cancelled: its order is, by whoever.
	Cancelled bool `json:"cancelled,omitempty"`
	// Mark is the same as long as nothing of it is another that a carrier has to know: what we write there ourselves is not in it.
	Mark string `json:"-"`
	Body []byte `json:"body"` // as the ERP said it: in the JSON of a Readies it is base64, so that no byte of it changes
}

// EditMark is the mark of an order that is not packed: the same as long as it goes to the same place and is not cancelled.
func (r *Readied) EditMark() string {
	words := []string{strconv.FormatBool(r.Cancelled)}
	if r.To != nil {
		words = append(words, r.To.Mark())
	}
	return mark(words)
}

// Parcel is how a part of a shipment was packed. What the ERP does not know is 0.
type Parcel struct {
	Ref    string `json:"ref,omitempty"` // what the ERP calls it, if it has a name
	Grams  int64  `json:"grams"`         // with its wrapping
	Length int64  `json:"length_mm"`
	Width  int64  `json:"width_mm"`
	Height int64  `json:"height_mm"`
}

// Body is the document of a reading.
func (r Readies) Body() ([]byte, error) { return json.Marshal(r) }

// ParseReadies reads one.
func ParseReadies(document []byte) (r Readies, err error) {
	if err := json.Unmarshal(document, &r); err != nil {
		return r, fmt.Errorf("read what an ERP said of its shipments: %w", err)
	}
	return r, nil
}
