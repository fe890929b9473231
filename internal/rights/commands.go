package rights

import (
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Pattern is how the name is meant.
func (r Right) Pattern() kmsg.ACLResourcePatternType {
	if r.Prefix {
		return kmsg.ACLResourcePatternTypePrefixed
	}
	return kmsg.ACLResourcePatternTypeLiteral
}

// flags are what kafka-acls.sh calls the resources.
var flags = map[kmsg.ACLResourceType]string{
	kmsg.ACLResourceTypeTopic: "--topic", kmsg.ACLResourceTypeGroup: "--group", kmsg.ACLResourceTypeTransactionalId: "--transactional-id",
}

// Commands are the arguments of kafka-acls.sh that grant the rights, a line for each operation on each kind of resource.
func Commands(principal string, all []Right) []string {
	var lines []string
	words := map[string][]string{}
	for _, r := range all {
		begin := strings.Join([]string{"--add --force --allow-principal", principal, "--operation", camel(r.Operation), "--resource-pattern-type", strings.ToLower(r.Pattern().String())}, " ")
		key := begin + flags[r.Resource]
		if words[key] == nil {
			words[key] = []string{begin}
			lines = append(lines, key)
		}
		if r.Resource == kmsg.ACLResourceTypeCluster {
			words[key] = append(words[key], "--cluster")
			continue
		}
		words[key] = append(words[key], flags[r.Resource], r.Name)
	}
	slices.Sort(lines)
	for i, key := range lines {
		lines[i] = strings.Join(words[key], " ")
	}
	return lines
}

// camel is an operation as kafka-acls.sh has it: DESCRIBE_CONFIGS is DescribeConfigs.
func camel(operation kmsg.ACLOperation) string {
	var b strings.Builder
	for word := range strings.SplitSeq(operation.String(), "_") {
		b.WriteString(word[:1] + strings.ToLower(word[1:]))
	}
	return b.String()
}
