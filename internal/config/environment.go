package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/v2"
)

const envPrefix = "WAYBILL_"

// notKeys are the variables with our prefix that are no keys: where the file is, where the build keeps what it fetched.
var notKeys = []string{"WAYBILL_CONFIG", "WAYBILL_CACHE"}

// testPrefix begins the variables that only tests read.
const testPrefix = envPrefix + "TEST_"

// PathVariable names the configuration file, for a command that was given none.
const PathVariable = "WAYBILL_CONFIG"

// readEnvironment takes every variable with our prefix. An empty one counts as not set, because that is how a compose file
// passes one on.
func (c *Config) readEnvironment(merged *koanf.Koanf, environ []string) error {
	known := keys(c)
	var faults []error
	take := func(name, text string) (string, any) {
		if text == "" || slices.Contains(notKeys, name) || strings.HasPrefix(name, testPrefix) {
			return "", nil
		}
		k := c.keyOfVariable(known, name)
		if k == nil {
			faults = append(faults, fmt.Errorf("unknown variable %s%s", name, suggest(name, variables(known))))
			return "", nil
		}
		value, err := k.parse(text)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", name, err))
			return "", nil
		}
		c.origins[k.name] = origin{SourceEnv, name}
		return k.name, value
	}
	err := merged.Load(env.Provider(".", env.Opt{
		Prefix: envPrefix, TransformFunc: take, EnvironFunc: func() []string { return environ },
	}), nil)
	return errors.Join(append(faults, err)...)
}

// keyOfVariable finds the key that a variable sets: a declared one, or a new setting of a party that is there.
func (c *Config) keyOfVariable(known []key, variable string) *key {
	for i := range known {
		if known[i].env() == variable {
			return &known[i]
		}
	}
	for _, party := range sorted(c.Parties) {
		prefix := "parties." + party + ".settings"
		if setting, ok := strings.CutPrefix(variable, envName(prefix)+"_"); ok && setting != "" {
			return &key{name: join(prefix, strings.ToLower(setting)), kind: stringKind}
		}
	}
	return nil
}

// SettingVariable is the variable that sets a setting of a party.
func SettingVariable(party, setting string) string {
	return envName("parties." + party + ".settings." + setting)
}

func variables(known []key) []string {
	all := make([]string, len(known))
	for i := range known {
		all[i] = known[i].env()
	}
	return all
}
