package server

import (
	"slices"

	"waybill/internal/sandbox/fault"
)

// FeedOperation is the name, in rules and books, of what a marketplace tells without being asked.
const FeedOperation = "feed"

// Show lets an order stand at its marketplace as it does at a version, if that is played here.
func (s *Server) Show(party string, number uint64, version int) error {
	if m := s.markets[party]; m != nil {
		return m.Show(number, version)
	}
	return nil
}

// forgetful are the marketplaces that may leave something out: Allegro's journal and Kaufland's pushes do, Amazon's queues deliver at least
// once.
var forgetful = []string{"allegro", "kaufland"}

// Tells decides whether a marketplace that is played here tells of something, or leaves that out.
func (s *Server) Tells(party string) bool {
	return s.markets[party] == nil || !slices.Contains(forgetful, party) || s.chance.Next(party, FeedOperation, fault.Ability{fault.Omit}).Kind != fault.Omit
}

// Accepted tells whether an order does not wait for the seller's word any more; ok is false if its marketplace is not played, or does not ask
// for that.
func (s *Server) Accepted(party, ref string) (accepted, ok bool) {
	m, asks := s.markets[party].(asking)
	return asks && m.Accepted(ref), asks
}
