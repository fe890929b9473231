package config

import (
	"fmt"
	"maps"
	"strings"

	"github.com/knadh/koanf/v2"
)

// Source is where a value comes from.
type Source string

// The sources, each above the one before it.
const (
	SourceDefault Source = "default"
	SourceFile    Source = "file"
	SourceEnv     Source = "env"
	SourceFlag    Source = "flag"
)

// origin is where exactly: for Explain, and for a complaint about the value.
type origin struct {
	source Source
	place  string // "waybill.yaml line 3", "WAYBILL_LISTEN", "--listen"
}

// Flag is a setting from the command line: the key, its value as text, and what the flag is called there.
type Flag struct {
	Key, Value, Name string
}

// Load reads the file at path, if there is a path, then the environment ("NAME=value" each, as os.Environ gives it), then the
// flags. It answers every fault that it finds, each with the key and the place where it stands.
func Load(path string, environ []string, flags ...Flag) (*Config, error) {
	c := Defaults()
	c.origins = map[string]origin{}
	merged := koanf.New(".")
	for _, read := range []func() error{
		func() error { return c.readFile(merged, path) },
		func() error { return c.readEnvironment(merged, environ) },
		func() error { return c.readFlags(merged, flags) },
	} {
		if err := read(); err != nil {
			return nil, fmt.Errorf("configuration: %w", err)
		}
	}
	was := maps.Clone(c.Parties)
	if err := merged.Unmarshal("", c); err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	for name, p := range c.Parties { // of which a setting made another
		if p.Channel == "" && p.Carrier == "" && p.Printer == "" {
			p.Carrier, p.Printer = was[name].Carrier, was[name].Printer
			c.Parties[name] = p
		}
	}
	c.inherit()
	if err := c.readSecrets(); err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	if err := c.validate(); err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	return c, nil
}

func (c *Config) readFlags(merged *koanf.Koanf, flags []Flag) error {
	known := keys(c)
	for _, f := range flags {
		k := named(known, f.Key)
		if k == nil {
			return fmt.Errorf("%s: unknown key %s%s", f.Name, f.Key, suggest(f.Key, names(known)))
		}
		if k.isSecret() {
			return fmt.Errorf("%s: a command line is no place for a secret; set %s", f.Name, k.env())
		}
		value, err := k.parse(f.Value)
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		if err := c.set(merged, k.name, value, origin{SourceFlag, f.Name}); err != nil {
			return err
		}
	}
	return nil
}

func (c *Config) set(merged *koanf.Koanf, name string, value any, from origin) error {
	if err := merged.Set(name, value); err != nil {
		return fmt.Errorf("%s: set %s: %w", from.place, name, err)
	}
	c.origins[name] = from
	return nil
}

// blame puts in front of a complaint the place where the value stands.
func (c *Config) blame(name string, err error) error {
	if from, ok := c.origins[name]; ok {
		return fmt.Errorf("%s: %w", from.place, err)
	}
	return err
}

func named(known []key, name string) *key {
	for i := range known {
		if known[i].name == name {
			return &known[i]
		}
	}
	return nil
}

func names(known []key) []string {
	all := make([]string, len(known))
	for i := range known {
		all[i] = known[i].name
	}
	return all
}

// sections is every name that has keys below it, such as kafka and kafka.tls.
func sections(known []key) map[string]bool {
	all := map[string]bool{"parties": true}
	for _, k := range known {
		for i, c := range k.name {
			if c == '.' {
				all[k.name[:i]] = true
			}
		}
	}
	return all
}

func join(prefix, name string) string { return strings.TrimPrefix(prefix+"."+name, ".") }
