package gateway

import "github.com/twmb/franz-go/pkg/kadm"

// unhang lets the simulated broker go on with a group whose round of joining it can not end, by making its members leave: each joins anew.
// It counts one who is replaced while he waits for his share as if he had joined (groups.go of kfake: removeMember takes one off nJoining in
// every state), so that all who join are too few for ever, and puts off the end of the round whenever one joins again, each after 70 s. A real
// broker ends a round at the latest after the rebalance timeout, which is a minute here: only one that lasts three is helped.
func (s *sim) unhang() {
	admin := kadm.NewClient(s.client)
	group := "sim.gateway." + simParty
	described, err := admin.DescribeGroups(s.Context(), group)
	if err != nil || described[group].State != "PreparingRebalance" {
		s.joining = 0
		return
	}
	if s.joining++; s.joining < 3 {
		return
	}
	s.Logf("seed %d: the simulated broker does not end a round of joining", s.seed)
	leave := kadm.LeaveGroup(group).Reason("the round of joining does not end")
	for _, member := range described[group].Members {
		if member.InstanceID != nil {
			leave.InstanceIDs(*member.InstanceID)
		}
	}
	if _, err := admin.LeaveGroup(s.Context(), leave); err != nil {
		s.Error(err)
	}
	s.joining = 0
}
