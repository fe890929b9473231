package rights

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Grant gives the rights to a principal, such as User:doors, from any host. What it has already stays as it is.
func Grant(ctx context.Context, client *kgo.Client, principal string, all []Right) error {
	ask := kmsg.NewPtrCreateACLsRequest()
	for _, r := range all {
		c := kmsg.NewCreateACLsRequestCreation()
		c.ResourceType, c.ResourceName, c.ResourcePatternType = r.Resource, r.Name, r.Pattern()
		c.Principal, c.Host, c.Operation, c.PermissionType = principal, "*", r.Operation, kmsg.ACLPermissionTypeAllow
		ask.Creations = append(ask.Creations, c)
	}
	answer, err := ask.RequestWith(ctx, client)
	if err != nil {
		return fmt.Errorf("grant %s its rights: %w", principal, err)
	}
	for i, result := range answer.Results {
		if err := kerr.ErrorForCode(result.ErrorCode); err != nil {
			return fmt.Errorf("grant %s %s: %w; it takes ALTER on the cluster, and an authorizer", principal, all[i], err)
		}
	}
	return nil
}
