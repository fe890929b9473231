package config

import (
	"fmt"
	"reflect"
	"strings"
)

// Key is one setting as a person reads it. Value and Default of a secret are masked.
type Key struct {
	Name    string `json:"name"`
	Env     string `json:"env"`
	Value   string `json:"value"`
	Default string `json:"default"`
	Source  Source `json:"source"`
	Place   string `json:"place,omitempty"` // where the source has it: "waybill.yaml line 3"
	Doc     string `json:"doc"`
}

// Explain lists every setting of c in the order of its sections, the parties last.
func Explain(c *Config) []Key {
	defaults := Defaults()
	defaults.inherit()
	known := keys(c)
	all := make([]Key, len(known))
	for i, k := range known {
		all[i] = Key{Name: k.name, Env: k.env(), Value: k.text(c), Source: SourceDefault, Doc: k.doc}
		if named(keys(defaults), k.name) != nil {
			all[i].Default = k.text(defaults)
		}
		if from, ok := c.origins[k.name]; ok {
			all[i].Source, all[i].Place = from.source, from.place
		}
	}
	return all
}

func (k *key) text(c *Config) string {
	value := k.at(c)
	if k.isSecret() {
		return Secret(value.String()).String()
	}
	if value.Kind() == reflect.Slice {
		return strings.Join(value.Interface().([]string), ",")
	}
	return fmt.Sprint(value.Interface())
}
