package runner

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Who owns a partition follows from the names of the group's members alone. So each member knows what it would take over from each other one, and
// copies the rows of that and of nothing else: a partition has about one copy, however many processes there are. Of consistent hashing with
// bounded loads (Mirrokni, Thorup, Zadimoghaddam, https://arxiv.org/abs/1608.01350) it has that few partitions move when a member comes or goes.

// shares is the owner of each partition: to each member the same number, give or take one.
func shares(partitions int, members []string) []string {
	type pair struct {
		wish      [sha256.Size]byte
		member    string
		partition int
	}
	pairs := make([]pair, 0, partitions*len(members))
	for _, m := range members {
		for n := range partitions {
			pairs = append(pairs, pair{sha256.Sum256(binary.BigEndian.AppendUint32([]byte(m), uint32(n))), m, n})
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(bytes.Compare(a.wish[:], b.wish[:]), cmp.Compare(a.member, b.member))
	})
	owners, owned := make([]string, partitions), map[string]int{}
	each, over := partitions/max(1, len(members)), partitions%max(1, len(members))
	for _, p := range pairs {
		switch have := owned[p.member]; {
		case owners[p.partition] != "", have > each, have == each && over == 0:
			continue
		case have == each:
			over--
		}
		owners[p.partition] = p.member
		owned[p.member]++
	}
	return owners
}

// heirlooms are the partitions that a member owns, or would own if one of the others were gone.
func heirlooms(partitions int, members []string, member string) map[int32]bool {
	would := map[int32]bool{}
	add := func(members []string) {
		for n, owner := range shares(partitions, members) {
			if owner == member {
				would[int32(n)] = true
			}
		}
	}
	add(members)
	for i, gone := range members {
		if gone != member {
			add(slices.Delete(slices.Clone(members), i, i+1))
		}
	}
	return would
}

// sharing is shares as a group's protocol. Partition n of all inputs has one owner.
type sharing struct {
	kgo.GroupBalancer // what members tell of themselves, and hear, is as with range
}

// protocol is the name of sharing in the group. Its end says how shares are made: whoever changes that changes it.
const protocol = "waybill-shares-1"

func (sharing) ProtocolName() string { return protocol }

func (s sharing) MemberBalancer(members []kmsg.JoinGroupResponseMember) (kgo.GroupMemberBalancer, map[string]struct{}, error) {
	b, err := kgo.NewConsumerBalancer(s, members)
	return b, b.MemberTopics(), err
}

// Balance gives a topic that an owner does not read, because it runs another version, to nobody: it waits until all run the same.
func (sharing) Balance(b *kgo.ConsumerBalancer, topics map[string]int32) kgo.IntoSyncAssignment {
	var names []string
	most, reads := int32(0), map[string][]string{}
	members := map[string]*kmsg.JoinGroupResponseMember{}
	b.EachMember(func(m *kmsg.JoinGroupResponseMember, about *kmsg.ConsumerMemberMetadata) {
		name := nameOf(m.InstanceID, m.MemberID)
		names, members[name], reads[name] = append(names, name), m, about.Topics
	})
	for _, partitions := range topics {
		most = max(most, partitions)
	}
	plan := b.NewPlan()
	for n, owner := range shares(int(most), names) {
		for topic, partitions := range topics {
			if int32(n) < partitions && slices.Contains(reads[owner], topic) {
				plan.AddPartition(members[owner], topic, int32(n))
			}
		}
	}
	return plan
}

// nameOf is the name by which a member is known, also after it came back.
func nameOf(instance *string, id string) string {
	if instance != nil {
		return *instance
	}
	return id
}
