package schemas

// Person is who somebody is and where they live. Personal data stands only here and in Body, so that one day both can be
// encrypted under a key of their subject without a new schema; a test refuses it anywhere else.
type Person struct {
	KeyID      string `avro:"key_id" json:"key_id,omitzero"` // the key the other fields are encrypted with; empty: none
	Name       string `avro:"name" json:"name,omitzero"`
	Company    string `avro:"company" json:"company,omitzero"`
	Street     string `avro:"street" json:"street,omitzero"`
	PostalCode string `avro:"postal_code" json:"postal_code,omitzero"`
	City       string `avro:"city" json:"city,omitzero"`
	Region     string `avro:"region" json:"region,omitzero"`
	Country    string `avro:"country" json:"country,omitzero"` // ISO 3166-1 alpha-2
	Phone      string `avro:"phone" json:"phone,omitzero"`
	Email      string `avro:"email" json:"email,omitzero"`
	TaxID      string `avro:"tax_id" json:"tax_id,omitzero"`
	Login      string `avro:"login" json:"login,omitzero"` // the name the channel knows them by
}

// Body is a text or payload of somebody else's, byte for byte. It may say anything about anyone.
type Body struct {
	KeyID string `avro:"key_id" json:"key_id,omitzero"` // the key the bytes are encrypted with; empty: none
	Bytes []byte `avro:"bytes" json:"bytes,omitzero"`
}

// Text is the Body of a short text, nil when there is none.
func Text(s string) *Body {
	if s == "" {
		return nil
	}
	return &Body{Bytes: []byte(s)}
}
