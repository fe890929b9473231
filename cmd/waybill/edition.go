package main

import (
	"slices"

	"waybill/connectors/marketplaces"
	"waybill/schemas"
)

// edition is what this version of Waybill has. The zero one has all that is compiled in; with less it is an earlier version, which
// is how tests run two side by side.
type edition struct {
	upto  schemas.Upto // versions of schemas
	lacks []string     // mappings
}

// mappings are a channel's, the oldest first.
func (e edition) mappings(channel string) []string {
	return slices.DeleteFunc(slices.Clone(marketplaces.Mappings(channel)), func(mapping string) bool { return slices.Contains(e.lacks, mapping) })
}

// allMappings are those of all channels.
func (e edition) allMappings() (all []string) {
	for _, channel := range marketplaces.Channels() {
		all = append(all, e.mappings(channel)...)
	}
	return all
}
