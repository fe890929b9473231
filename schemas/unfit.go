package schemas

// Unfit is what is wrong with a field of a booking, before a carrier is asked. It has no personal data.
type Unfit struct {
	Field  string // of the booking: "to.street"
	Code   string // stable
	Offset int    // of the character that is wrong, from 0; -1: all of it
	Text   string // for people
}

// Fault is the same with its place in the JSON of the booking.
func (u Unfit) Fault() Fault { return Fault{Code: u.Code, Path: "$." + u.Field, Text: u.Text} }

// Proposal is how a field of a booking might be meant, which nobody applies but a person. Its value is personal data.
type Proposal struct{ Field, Value string }
