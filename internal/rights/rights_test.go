package rights_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"

	"waybill/internal/rights"
	"waybill/topics"
)

func of(t *testing.T, roles ...string) []string {
	t.Helper()
	all, err := rights.Of("shop", roles...)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, r := range all {
		lines = append(lines, r.String())
	}
	return lines
}

func TestADoorMayWriteWhatComesInAndReadsNobodysNormalizedOrder(t *testing.T) {
	got := of(t, rights.Doors)
	writes := []string{"WRITE on topic orders.raw", "WRITE on topic instances", "WRITE on topic outbox.erp", "WRITE on topic tracking.raw"}
	for _, line := range got {
		if strings.HasPrefix(line, "WRITE") && !slices.Contains(writes, line) || slices.Contains([]string{"ALTER", "CREATE", "DELETE"}, strings.SplitN(line, " ", 2)[0]) {
			t.Errorf("a door may %s", line)
		}
	}
	for _, never := range []string{"READ on topic orders.normalized", "READ on topic table.normalize", "READ on topic trash"} {
		if slices.Contains(got, never) {
			t.Errorf("a door may %s", never)
		}
	}
}

func TestRightsCarryTheNameOfTheDeployment(t *testing.T) {
	got := of(t, "normalize", rights.Landing)
	for _, want := range []string{"READ on group shop.normalize", "READ on group shop.landing", "WRITE on transactional id shop-normalize-*"} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
}

func TestEveryTopicIsMadeByProvisionAndReadByTheOneWhoLooks(t *testing.T) {
	made, looked := of(t, rights.Provision), of(t, rights.Reader)
	for _, topic := range topics.All() {
		if !slices.Contains(made, "CREATE on topic "+topic.Name) || !slices.Contains(looked, "READ on topic "+topic.Name) {
			t.Errorf("%s is not in %q or %q", topic.Name, made, looked)
		}
	}
	for _, line := range looked {
		if strings.HasPrefix(line, "WRITE") || strings.HasPrefix(line, "ALTER") || strings.HasPrefix(line, "CREATE") || strings.HasPrefix(line, "DELETE") {
			t.Errorf("who only looks may %s", line)
		}
	}
}

func TestRolesTogetherHaveEachRightOnce(t *testing.T) {
	got := of(t, rights.Doors, "normalize", rights.Landing)
	if n := len(got); n != len(slices.Compact(slices.Sorted(slices.Values(got)))) {
		t.Errorf("one stands there twice: %q", got)
	}
	if _, err := rights.Of("shop", "nobody"); err == nil || !strings.Contains(err.Error(), `there is no role "nobody"; there are: provision, doors, normalize`) {
		t.Errorf("got %v", err)
	}
}

func TestACommandGrantsAnOperationOnAllOfAKindAtOnce(t *testing.T) {
	got := rights.Commands("User:d", []rights.Right{
		{Resource: kmsg.ACLResourceTypeTopic, Name: "a", Operation: kmsg.ACLOperationDescribeConfigs},
		{Resource: kmsg.ACLResourceTypeTopic, Name: "b", Operation: kmsg.ACLOperationDescribeConfigs},
		{Resource: kmsg.ACLResourceTypeTransactionalId, Name: "x-", Prefix: true, Operation: kmsg.ACLOperationWrite},
		{Resource: kmsg.ACLResourceTypeCluster, Name: "kafka-cluster", Operation: kmsg.ACLOperationDescribe},
	})
	want := []string{
		"--add --force --allow-principal User:d --operation Describe --resource-pattern-type literal --cluster",
		"--add --force --allow-principal User:d --operation DescribeConfigs --resource-pattern-type literal --topic a --topic b",
		"--add --force --allow-principal User:d --operation Write --resource-pattern-type prefixed --transactional-id x-",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}
