package topics

// called, carried and printed are the roads to the parties that the configuration says how to call: channels, carriers, printers.
var called, carried, printed []*Topic

// Call declares the roads to those accounts of channels, by their names. It is called once the configuration is read, before anything
// runs: All has them from then on.
func Call(parties []string) { called = roadsTo(parties) }

// Carry declares the roads to the accounts of carriers, likewise.
func Carry(parties []string) { carried = roadsTo(parties) }

// Print declares the roads to the printers, likewise.
func Print(parties []string) { printed = roadsTo(parties) }

func roadsTo(parties []string) (roads []*Topic) {
	for _, party := range parties {
		roads = append(roads, Outbox(party), Ledger(party))
	}
	return roads
}

// Called are the names of the accounts of channels.
func Called() []string { return namesOf(called) }

// Carriers are the names of the accounts of carriers.
func Carriers() []string { return namesOf(carried) }

// Printers are their names.
func Printers() []string { return namesOf(printed) }

func namesOf(roads []*Topic) (parties []string) {
	for i := 0; i < len(roads); i += 2 {
		parties = append(parties, roads[i].Name[len("outbox."):])
	}
	return parties
}
