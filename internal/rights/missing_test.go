package rights_test

import (
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/plain"

	"waybill/internal/rights"
	"waybill/topics"
)

// guarded is a cluster with all topics on which admin may do everything and who may do nothing yet.
func guarded(t *testing.T) (admin *kadm.Client, who *kgo.Client) {
	t.Helper()
	var names []string
	for _, topic := range topics.All() {
		names = append(names, topic.Name)
	}
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, names...), kfake.EnableSASL(), kfake.EnableACLs(),
		kfake.Superuser("PLAIN", "admin", "admin-for-tests"), kfake.User("PLAIN", "who", "who-for-tests"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	as := func(user string) *kgo.Client {
		client, err := kgo.NewClient(kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.SASL(plain.Auth{User: user, Pass: user + "-for-tests"}.AsMechanism()), kgo.DisableClientMetrics())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(client.Close)
		return client
	}
	return kadm.NewClient(as("admin")), as("who")
}

func grant(t *testing.T, admin *kadm.Client, all []rights.Right) {
	t.Helper()
	for _, r := range all {
		if _, err := admin.CreateACLs(t.Context(), acl(r)); err != nil {
			t.Fatal(err)
		}
	}
}

// acl is a right to a topic: of groups and transactional ids kfake tells nothing.
func acl(r rights.Right) *kadm.ACLBuilder {
	return kadm.NewACLs().Allow("User:who").AllowHosts().Operations(r.Operation).ResourcePatternType(r.Pattern()).Topics(r.Name)
}

func TestWhoHasExactlyTheRightsOfARoleMissesNoneAndEachOneThatIsTakenAwayIsNamed(t *testing.T) {
	for _, role := range rights.Roles("waybill") {
		t.Run(role.Name, func(t *testing.T) {
			admin, who := guarded(t)
			all := slices.DeleteFunc(slices.Clone(role.Rights), func(r rights.Right) bool { return r.Resource != kmsg.ACLResourceTypeTopic })
			if missing, err := rights.Missing(t.Context(), who, all); err != nil || len(missing) != len(all) {
				t.Fatalf("without any: %d of %d missing, %v", len(missing), len(all), err)
			}
			grant(t, admin, all)
			if missing, err := rights.Missing(t.Context(), who, all); err != nil || len(missing) > 0 {
				t.Fatalf("with all: missing %s, %v", rights.Lines(missing), err)
			}
			for _, r := range all {
				if _, err := admin.DeleteACLs(t.Context(), acl(r)); err != nil {
					t.Fatal(err)
				}
				missing, err := rights.Missing(t.Context(), who, all)
				if err != nil || !slices.Contains(missing, r) {
					t.Errorf("without %s: missing %s, %v", r, rights.Lines(missing), err)
				}
				grant(t, admin, []rights.Right{r})
			}
		})
	}
}

func TestAClusterWithoutAnAuthorizerLetsEverybodyDoEverything(t *testing.T) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, "orders.raw", "orders.keys"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	client, err := kgo.NewClient(kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.DisableClientMetrics())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	all, err := rights.Of("waybill", rights.Doors)
	if err != nil {
		t.Fatal(err)
	}
	if missing, err := rights.Missing(t.Context(), client, all); err != nil || len(missing) > 0 {
		t.Errorf("missing %s, %v", rights.Lines(missing), err)
	}
}

// Seen on a cluster that was just made: its topic of offsets comes with the first question about a group, and until then no group has a
// coordinator, so that provision failed.
func TestAClusterThatHasNoCoordinatorYetTellsNothingOfGroups(t *testing.T) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1))
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	cluster.ControlKey(kmsg.FindCoordinator.Int16(), func(request kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		answer := request.ResponseKind().(*kmsg.FindCoordinatorResponse)
		answer.ErrorCode = kerr.CoordinatorNotAvailable.Code
		for _, key := range request.(*kmsg.FindCoordinatorRequest).CoordinatorKeys {
			answer.Coordinators = append(answer.Coordinators, kmsg.FindCoordinatorResponseCoordinator{Key: key, ErrorCode: answer.ErrorCode})
		}
		return answer, nil, true
	})
	client, err := kgo.NewClient(kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.RequestRetries(1), kgo.DisableClientMetrics())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	wanted := []rights.Right{{Resource: kmsg.ACLResourceTypeGroup, Name: "waybill.normalize", Operation: kmsg.ACLOperationRead}}
	if missing, err := rights.Missing(t.Context(), client, wanted); err != nil || len(missing) > 0 {
		t.Errorf("missing %s, %v", rights.Lines(missing), err)
	}
}
