package rights

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// notTold is what a broker answers that was not asked, or can not tell (KIP-430).
const notTold = -1 << 31

// Missing are the rights that the client has not, as the brokers themselves tell (KIP-430): nothing is tried, and nothing is
// touched. Rights to transactional ids are not told; who lacks one finds it out at its first transaction.
func Missing(ctx context.Context, client *kgo.Client, wanted []Right) ([]Right, error) {
	has, err := topicsAllow(ctx, client, wanted)
	if err != nil {
		return nil, fmt.Errorf("ask what is allowed on the topics: %w", err)
	}
	if err := groupsAllow(ctx, client, wanted, has); err != nil {
		return nil, fmt.Errorf("ask what is allowed on the groups: %w", err)
	}
	var missing []Right
	for _, r := range wanted {
		if bits, told := has[place{r.Resource, r.Name}]; told && bits&(1<<r.Operation) == 0 {
			missing = append(missing, r)
		}
	}
	return missing, nil
}

// place is a resource that was asked about.
type place struct {
	kind kmsg.ACLResourceType
	name string
}

// allowed are operations, a bit each, by resource; those of which the brokers tell nothing are not there.
type allowed map[place]int32

func (a allowed) note(kind kmsg.ACLResourceType, name string, bits int32, code int16) {
	err := kerr.ErrorForCode(code)
	switch {
	case errors.Is(err, kerr.TopicAuthorizationFailed), errors.Is(err, kerr.GroupAuthorizationFailed), errors.Is(err, kerr.ClusterAuthorizationFailed):
		a[place{kind, name}] = 0
	case err == nil && bits != notTold:
		a[place{kind, name}] = bits
	}
}

func topicsAllow(ctx context.Context, client *kgo.Client, wanted []Right) (allowed, error) {
	ask := kmsg.NewPtrMetadataRequest()
	ask.IncludeTopicAuthorizedOperations = true
	for _, t := range Topics(wanted) {
		topic := kmsg.NewMetadataRequestTopic()
		topic.Topic = &t.Name
		ask.Topics = append(ask.Topics, topic)
	}
	has := allowed{}
	if len(ask.Topics) == 0 {
		return has, nil
	}
	answer, err := ask.RequestWith(ctx, client)
	if err != nil {
		return nil, err
	}
	for _, t := range answer.Topics {
		if t.Topic != nil {
			has.note(kmsg.ACLResourceTypeTopic, *t.Topic, t.AuthorizedOperations, t.ErrorCode)
		}
	}
	return has, nil
}

func groupsAllow(ctx context.Context, client *kgo.Client, wanted []Right, has allowed) error {
	for _, r := range wanted {
		if r.Resource != kmsg.ACLResourceTypeGroup {
			continue
		}
		ask := kmsg.NewPtrDescribeGroupsRequest()
		ask.Groups, ask.IncludeAuthorizedOperations = []string{r.Name}, true
		answer, err := ask.RequestWith(ctx, client)
		if errors.Is(err, kerr.GroupAuthorizationFailed) {
			has[place{r.Resource, r.Name}] = 0
			continue
		}
		if kerr.IsRetriable(err) {
			continue // a cluster that is new has no coordinator yet; whoever joins finds out
		}
		if err != nil {
			return err
		}
		for _, g := range answer.Groups {
			has.note(r.Resource, g.Group, g.AuthorizedOperations, g.ErrorCode)
		}
	}
	return nil
}

// Lines are rights in a line, for people.
func Lines(all []Right) string {
	lines := make([]string, len(all))
	for i, r := range all {
		lines[i] = r.String()
	}
	return strings.Join(lines, ", ")
}
