// Package membership ends the membership of a consumer group that outlives its client.
package membership

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Membership is one member of a group. Whoever closes a client that has one does not leave the group (KIP-345): the others
// would wait for its partitions as long as its session lasts.
type Membership struct {
	group, member string
}

// Of is the client's. Ask before it is closed.
func Of(client *kgo.Client, group string) Membership {
	member, _ := client.GroupMetadata()
	return Membership{group, member}
}

// leaveSeconds bounds how long an end may take because of it: the session's length does the same in the end.
const leaveSeconds = 3

// Leave gives the partitions free at once, after the client was closed. It names the member and not the instance, so that whoever
// has taken the instance's name since then stays.
func (m Membership) Leave(kafka []kgo.Opt) error {
	if m.member == "" {
		return nil
	}
	client, err := kgo.NewClient(kafka...)
	if err != nil {
		return fmt.Errorf("leave group %s: %w", m.group, err)
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), leaveSeconds*time.Second)
	defer cancel()
	request, member := kmsg.NewPtrLeaveGroupRequest(), kmsg.NewLeaveGroupRequestMember()
	member.MemberID = m.member
	request.Group, request.Members = m.group, append(request.Members, member)
	answer, err := request.RequestWith(ctx, client)
	if err == nil {
		err = kerr.ErrorForCode(answer.ErrorCode)
	}
	for i := 0; err == nil && i < len(answer.Members); i++ {
		err = kerr.ErrorForCode(answer.Members[i].ErrorCode)
	}
	if err != nil && !errors.Is(err, kerr.UnknownMemberID) { // which is gone already
		return fmt.Errorf("leave group %s: %w", m.group, err)
	}
	return nil
}
