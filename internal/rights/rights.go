// Package rights says what each role of a deployment may do on a Kafka cluster, and no more. It is derived from the catalogue of
// topics and steps, so that it can not drift from them: a new topic or step brings its rights along.
//
// A role is what one login is for. Views are no role: what is looked up is read by the process that looks it up, with its rights.
package rights

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"waybill/processors"
	"waybill/topics"
)

// Right is one operation on one resource, as Kafka's authorizer knows it
// (https://kafka.apache.org/documentation/#operations_in_kafka).
type Right struct {
	Resource  kmsg.ACLResourceType
	Name      string
	Prefix    bool // Name begins the names of all that are meant
	Operation kmsg.ACLOperation
	Why       string
}

// String is for people: WRITE on topic orders.raw.
func (r Right) String() string {
	name := r.Name
	if r.Prefix {
		name += "*"
	}
	if r.Resource == kmsg.ACLResourceTypeCluster {
		return fmt.Sprintf("%s on the cluster", r.Operation)
	}
	return fmt.Sprintf("%s on %s %s", r.Operation, strings.ReplaceAll(strings.ToLower(r.Resource.String()), "_", " "), name)
}

// Role is what one login is for.
type Role struct {
	Name   string
	Doc    string
	Rights []Right
}

// The roles beside the steps.
const (
	Provision = "provision"
	Doors     = "doors"
	Landing   = "landing"
	Reader    = "reader"
	Keeper    = "keeper"
)

// Roles are all of a deployment. Whoever only feeds it needs none: the doors are spoken to over HTTP.
func Roles(deployment string) []Role {
	roles := []Role{
		{Provision, "makes topics as they are declared, and says which version of a schema is written", provision(deployment)},
		{Doors, "accepts orders", doors(deployment)},
	}
	for _, step := range processors.All(processors.Sources{}) {
		roles = append(roles, Role{step.Name, "runs the step " + step.Name, ofStep(deployment, step)})
	}
	for _, g := range processors.Gateways() {
		roles = append(roles, Role{g.Party, "makes the calls at " + g.Party, ofGateway(deployment, g)})
	}
	return append(roles,
		Role{Landing, "takes every record to ClickHouse", landing(deployment)},
		Role{Reader, "an operator who only looks: verify, doctor, trash, idmap get", reader(deployment)},
		Role{Keeper, "an operator who also acts: idmap put and import, mapping use, renormalize --send, trash edit, retry, dismiss and import", keeper(deployment)},
	)
}

// Of are the rights of several roles together, each once.
func Of(deployment string, names ...string) ([]Right, error) {
	var all []Right
	known := Roles(deployment)
	for _, name := range names {
		i := slices.IndexFunc(known, func(r Role) bool { return r.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no role %q; there are: %s", name, strings.Join(Names(), ", "))
		}
		all = append(all, known[i].Rights...)
	}
	return once(all), nil
}

// Names are those of all roles.
func Names() []string {
	var names []string
	for _, r := range Roles("") {
		names = append(names, r.Name)
	}
	return names
}

// Topics are the topics that the rights are about, in the order of the catalogue.
func Topics(all []Right) []*topics.Topic {
	var used []*topics.Topic
	for _, t := range topics.All() {
		if slices.ContainsFunc(all, func(r Right) bool { return r.Resource == kmsg.ACLResourceTypeTopic && r.Name == t.Name }) {
			used = append(used, t)
		}
	}
	return used
}

// Compared are the topics whose settings are compared with what is declared.
func Compared(all []Right) []*topics.Topic {
	return Topics(slices.DeleteFunc(slices.Clone(all), func(r Right) bool { return r.Operation != settings }))
}

// once leaves each right once, and out what another implies: who may read or write may describe
// (https://kafka.apache.org/documentation/#operations_in_kafka).
func once(all []Right) []Right {
	all = slices.DeleteFunc(slices.Clone(all), func(r Right) bool {
		return r.Operation == describe && slices.ContainsFunc(all, func(o Right) bool {
			return o.Resource == r.Resource && o.Name == r.Name && (o.Operation == read || o.Operation == write)
		})
	})
	slices.SortStableFunc(all, func(a, b Right) int {
		return cmp.Or(int(a.Resource)-int(b.Resource), strings.Compare(a.Name, b.Name), int(a.Operation)-int(b.Operation))
	})
	return slices.CompactFunc(all, func(a, b Right) bool {
		return a.Resource == b.Resource && a.Name == b.Name && a.Prefix == b.Prefix && a.Operation == b.Operation
	})
}
