package schemas

// Person is who somebody is and where they live. Personal data stands only here and in Body, so that one day both can be
// encrypted under a key of their subject without a new schema; a test refuses it anywhere else.
type Person struct {
	KeyID      string `avro:"key_id"` // the key the other fields are encrypted with; empty: none
	Name       string `avro:"name"`
	Company    string `avro:"company"`
	Street     string `avro:"street"`
	PostalCode string `avro:"postal_code"`
	City       string `avro:"city"`
	Region     string `avro:"region"`
	Country    string `avro:"country"` // ISO 3166-1 alpha-2
	Phone      string `avro:"phone"`
	Email      string `avro:"email"`
	TaxID      string `avro:"tax_id"`
	Login      string `avro:"login"` // the name the channel knows them by
}

// Body is a text or payload of somebody else's, byte for byte. It may say anything about anyone.
type Body struct {
	KeyID string `avro:"key_id"` // the key the bytes are encrypted with; empty: none
	Bytes []byte `avro:"bytes"`
}

// Text is the Body of a short text, nil when there is none.
func Text(s string) *Body {
	if s == "" {
		return nil
	}
	return &Body{Bytes: []byte(s)}
}
