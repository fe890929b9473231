package topics

// called are the roads to the accounts that the configuration says how to call.
var called []*Topic

// Call declares the roads to those accounts of channels, by their names. It is called once the configuration is read, before anything
// runs: All has them from then on.
func Call(parties []string) {
	called = nil
	for _, party := range parties {
		called = append(called, Outbox(party), Ledger(party))
	}
}

// Called are the names of those accounts.
func Called() []string {
	var parties []string
	for i := 0; i < len(called); i += 2 {
		parties = append(parties, called[i].Name[len("outbox."):])
	}
	return parties
}
