package schemas

// Expectation is something that has to come, as a step remembers it.
type Expectation struct {
	What  string `avro:"what"` // one of those that can be missing
	Since Millis `avro:"since"`
	Due   Millis `avro:"due"`
	Told  int64  `avro:"told"` // share of the time, in per cent, at which it was last said that it is missing
}
