package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"

	"github.com/knadh/koanf/v2"
	"go.yaml.in/yaml/v3"
)

// FileName is what a configuration file is called when nobody says otherwise.
const FileName = "waybill.yaml"

// readFile takes every key of the YAML file. Parties that stand there replace the default ones.
func (c *Config) readFile(merged *koanf.Koanf, path string) error {
	if path == "" {
		return nil
	}
	text, err := readBounded(path)
	if err != nil {
		return fmt.Errorf("read the file: %w", err)
	}
	name := filepath.Base(path)
	root, err := onlyDocument(name, text)
	if err != nil || root == nil {
		return err
	}
	c.adoptParties(root)
	known := keys(c)
	f := file{config: c, merged: merged, name: name, known: known, sections: sections(known)}
	f.section(root, "")
	return errors.Join(f.faults...)
}

// adoptParties makes the parties of the file the only ones, so that their keys are known before they are read.
func (c *Config) adoptParties(root *yaml.Node) {
	parties := member(root, "parties")
	if parties == nil || parties.Kind != yaml.MappingNode {
		return
	}
	c.Parties = map[string]Party{}
	for i := 0; i+1 < len(parties.Content); i += 2 {
		party := Party{Settings: Settings{}}
		if settings := member(resolve(parties.Content[i+1]), "settings"); settings != nil && settings.Kind == yaml.MappingNode {
			for j := 0; j+1 < len(settings.Content); j += 2 {
				party.Settings[settings.Content[j].Value] = ""
			}
		}
		c.Parties[parties.Content[i].Value] = party
	}
}

// file is one configuration file while it is read.
type file struct {
	config   *Config
	merged   *koanf.Koanf
	name     string
	known    []key
	sections map[string]bool
	faults   []error
}

func (f *file) fault(at *yaml.Node, format string, args ...any) {
	f.faults = append(f.faults, fmt.Errorf("%s: "+format, append([]any{f.place(at)}, args...)...))
}

func (f *file) place(at *yaml.Node) string { return fmt.Sprintf("%s line %d", f.name, at.Line) }

// section reads a mapping; prefix is the name of the section, "" of the whole file.
func (f *file) section(node *yaml.Node, prefix string) {
	node = resolve(node)
	if node.Kind == yaml.ScalarNode && node.Tag == "!!null" {
		return // a section with nothing in it
	}
	if node.Kind != yaml.MappingNode {
		f.fault(node, "%s must hold keys, each with its value", section(prefix))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		at, name := node.Content[i], join(prefix, node.Content[i].Value)
		if seen[name] {
			f.fault(at, "%s stands here a second time", name)
			continue
		}
		seen[name] = true
		if strings.Contains(at.Value, ".") {
			f.fault(at, "unknown key %s: write its sections one below the other", name)
			continue
		}
		f.entry(at, name, node.Content[i+1])
	}
}

func (f *file) entry(at *yaml.Node, name string, node *yaml.Node) {
	switch k := named(f.known, name); {
	case k != nil:
		f.leaf(k, at, resolve(node))
	case f.sections[name]:
		f.section(node, name)
	case !f.partySettings(name, node):
		f.fault(at, "unknown key %s%s", name, suggest(name, append(names(f.known), sorted(f.sections)...)))
	}
}

var settingsName = regexp.MustCompile(`^parties\.[^.]+\.settings$`)

// partySettings says whether the name is that of a party's settings with none in it, which is no fault.
func (f *file) partySettings(name string, node *yaml.Node) bool {
	if settingsName.MatchString(name) {
		f.section(node, name)
		return true
	}
	return false
}

func (f *file) leaf(k *key, at, node *yaml.Node) {
	if k.isSecret() {
		f.fault(at, "%s is a secret, which has no place in this file: set %s, or %s%s to the path of a file that holds it",
			k.name, k.env(), k.name, fileSuffix)
		return
	}
	if node.Kind == yaml.ScalarNode && node.Tag == "!!null" {
		return // a key without a value keeps its default
	}
	value, err := k.fromYAML(node)
	if err != nil {
		f.fault(at, "%w", err)
		return
	}
	if err := f.config.set(f.merged, k.name, value, origin{SourceFile, f.place(at)}); err != nil {
		f.faults = append(f.faults, err)
	}
}

// fromYAML reads a value as its key wants it: a text may be written as a number (instance: 1), not the other way round.
func (k *key) fromYAML(node *yaml.Node) (any, error) {
	switch {
	case k.kind.Kind() == reflect.Slice && node.Kind == yaml.SequenceNode:
		var list []string
		for _, item := range node.Content {
			if item = resolve(item); item.Kind != yaml.ScalarNode {
				return nil, fmt.Errorf("%s must be a list of texts", k.name)
			}
			list = append(list, item.Value)
		}
		return list, nil
	case node.Kind != yaml.ScalarNode:
		return nil, fmt.Errorf("%s must be one value", k.name)
	}
	return k.parse(node.Value)
}

func section(prefix string) string {
	if prefix == "" {
		return "the file"
	}
	return prefix
}
