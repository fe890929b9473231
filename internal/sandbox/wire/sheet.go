package wire

// Sheet is one payload and what a correct reader must find in it, from the generator's own books.
type Sheet struct {
	Body     []byte // one line of JSON
	Ref      string // the order's reference at the channel; empty when that is the fault
	Revision string // differs between the versions of one order
	Status   string // in the channel's words
	Currency string // ISO 4217
	Total    string // what the buyer pays, as stated, in the currency's own decimals
	Lines    int
	Cancels  bool   // this version takes back what the version before still wanted
	Fault    string // broken payloads only: its stable name
}
