package config

import (
	"reflect"
	"strconv"
	"strings"
)

// key is one leaf of Config, as its tags declare it.
type key struct {
	name     string // kafka.sasl.password
	doc      string
	pattern  string
	oneOf    []string // nil: any
	min, max int      // of a number
	kind     reflect.Type
	at       func(c *Config) reflect.Value // its value in a configuration
}

// isSecret says that the key's value is never printed, nor read from the configuration file.
func (k *key) isSecret() bool { return k.kind == reflect.TypeFor[Secret]() }

// env is the environment variable that sets the key.
func (k *key) env() string { return envName(k.name) }

func envName(name string) string {
	return envPrefix + strings.ToUpper(strings.NewReplacer(".", "_", "-", "_").Replace(name))
}

// keys is every key in the order in which Config declares them; of the parties, those that c has.
func keys(c *Config) []key {
	all := keysOf(reflect.TypeFor[Config](), "", func(c *Config) reflect.Value { return reflect.ValueOf(c).Elem() })
	for _, name := range sorted(c.Parties) {
		all = append(all, partyKeys(c, name)...)
	}
	return all
}

func partyKeys(c *Config, name string) []key {
	prefix := "parties." + name + "."
	all := keysOf(reflect.TypeFor[Party](), prefix, func(c *Config) reflect.Value { return reflect.ValueOf(c.Parties[name]) })
	for _, setting := range sorted(c.Parties[name].Settings) {
		k := key{
			name: prefix + "settings." + setting, doc: "a setting of the connector", kind: reflect.TypeFor[string](),
			at: func(c *Config) reflect.Value { return reflect.ValueOf(c.Parties[name].Settings[setting]) },
		}
		if isSecretName(setting) {
			k.kind = reflect.TypeFor[Secret]()
		}
		all = append(all, k)
	}
	return all
}

func keysOf(t reflect.Type, prefix string, at func(*Config) reflect.Value) []key {
	var all []key
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || f.Type.Kind() == reflect.Map {
			continue
		}
		name := prefix + f.Tag.Get("koanf")
		value := func(c *Config) reflect.Value { return at(c).Field(i) }
		if f.Type.Kind() == reflect.Struct {
			all = append(all, keysOf(f.Type, name+".", value)...)
			continue
		}
		all = append(all, keyOf(f, name, value))
	}
	return all
}

func keyOf(f reflect.StructField, name string, at func(*Config) reflect.Value) key {
	k := key{name: name, doc: f.Tag.Get("doc"), pattern: f.Tag.Get("pattern"), kind: f.Type, at: at}
	if list, ok := f.Tag.Lookup("oneof"); ok {
		k.oneOf = strings.Split(list, ",")
	}
	k.min, _ = strconv.Atoi(f.Tag.Get("min"))
	k.max, _ = strconv.Atoi(f.Tag.Get("max"))
	return k
}

var stringKind = reflect.TypeFor[string]()
