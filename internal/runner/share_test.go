package runner

import (
	"fmt"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func TestPartitionsAreSharedAlikeAndWhoTakesOverHasACopy(t *testing.T) {
	for _, partitions := range []int{1, 3, 8, 12, 64} {
		for count := 1; count <= 9; count++ {
			members := make([]string, count)
			for i := range members {
				members[i] = fmt.Sprintf("waybill-%d", i)
			}
			owners := shares(partitions, members)
			turned := slices.Clone(members)
			slices.Reverse(turned)
			if !slices.Equal(owners, shares(partitions, turned)) {
				t.Errorf("%d of %d: it matters in which order they are named", partitions, count)
			}
			has, kept := map[string]map[int32]bool{}, 0
			for _, m := range members {
				has[m] = heirlooms(partitions, members, m)
				kept += len(has[m])
				owned := 0
				for n, owner := range owners {
					if owner == m {
						owned++
						if !has[m][int32(n)] {
							t.Errorf("%s owns %d and does not know", m, n)
						}
					}
				}
				if owned < partitions/count || owned > (partitions+count-1)/count {
					t.Errorf("%d of %d: %s owns %d", partitions, count, m, owned)
				}
			}
			for i, gone := range members {
				left := slices.Delete(slices.Clone(members), i, i+1)
				for n, owner := range shares(partitions, left) {
					if len(left) > 0 && !has[owner][int32(n)] {
						t.Errorf("%d of %d: %s takes %d over from %s and has no copy", partitions, count, owner, n, gone)
					}
				}
			}
			if kept > 2*partitions+partitions/4 {
				t.Errorf("%d of %d: %d are kept, where one copy of each would do", partitions, count, kept)
			}
		}
	}
}

// Partition n of all inputs has one owner; of a topic that one of another version does not read, its partitions wait.
func TestPartitionsOfAllInputsGoToOneOwnerAndNoneToWhoDoesNotReadThem(t *testing.T) {
	const partitions = 8
	var members []kmsg.JoinGroupResponseMember
	for name, reads := range map[string][]string{"old": {"orders"}, "new": {"news", "orders"}} {
		m := kmsg.NewJoinGroupResponseMember()
		m.MemberID, m.InstanceID = name+"-1", &name
		m.ProtocolMetadata = sharing{kgo.RangeBalancer()}.JoinGroupMetadata(reads, nil, 1)
		members = append(members, m)
	}
	b, _, err := sharing{kgo.RangeBalancer()}.MemberBalancer(members)
	if err != nil {
		t.Fatal(err)
	}
	said, err := b.(kgo.GroupMemberBalancerOrError).BalanceOrError(map[string]int32{"orders": partitions, "news": partitions})
	if err != nil {
		t.Fatal(err)
	}
	owners := shares(partitions, []string{"old", "new"})
	for _, member := range said.IntoSyncAssignment() {
		var got kmsg.ConsumerMemberAssignment
		if err := got.ReadFrom(member.MemberAssignment); err != nil {
			t.Fatal(err)
		}
		name := member.MemberID[:3]
		var own []int32
		for n, owner := range owners {
			if owner == name {
				own = append(own, int32(n))
			}
		}
		want := map[string][]int32{"orders": own}
		if name == "new" {
			want["news"] = own
		}
		if len(got.Topics) != len(want) {
			t.Errorf("%s has %v", name, got.Topics)
		}
		for _, topic := range got.Topics {
			if slices.Sort(topic.Partitions); !slices.Equal(topic.Partitions, want[topic.Topic]) {
				t.Errorf("%s has %v of %s, want %v", name, topic.Partitions, topic.Topic, want[topic.Topic])
			}
		}
	}
}
