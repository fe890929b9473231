package topics

import "slices"

// called are the roads to the accounts that the configuration says how to call: of channels, and of carriers.
var called, carriers []string

// Call declares the roads to those accounts of channels, by their names. It is called once the configuration is read, before anything
// runs: All has them from then on.
func Call(parties []string) { called = slices.Clone(parties) }

// Carry declares the roads to the accounts of carriers, likewise.
func Carry(parties []string) { carriers = slices.Clone(parties) }

// Called are the names of the accounts of channels.
func Called() []string { return slices.Clone(called) }

// Carriers are the names of the accounts of carriers.
func Carriers() []string { return slices.Clone(carriers) }

// calledRoads are the roads to all of them.
func calledRoads() (roads []*Topic) {
	for _, party := range slices.Concat(called, carriers) {
		roads = append(roads, Outbox(party), Ledger(party))
	}
	return roads
}
