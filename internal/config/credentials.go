package config

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// fileSuffix ends the name of a key that says in which file the secret of the key before it stands.
const fileSuffix = "_file"

// readSecrets fills each secret from its file, and takes user and password out of the addresses, so that those can be shown.
func (c *Config) readSecrets() error {
	return errors.Join(
		c.secretFromFile("kafka.sasl.password", &c.Kafka.SASL.Password, c.Kafka.SASL.PasswordFile),
		c.secretFromFile("registry.password", &c.Registry.Password, c.Registry.PasswordFile),
		c.secretFromFile("clickhouse.password", &c.ClickHouse.Password, c.ClickHouse.PasswordFile),
		c.secretFromFile("erp.token", &c.ERP.Token, c.ERP.TokenFile),
		c.secretFromFile("erp.webhook_secret", &c.ERP.WebhookSecret, c.ERP.WebhookSecretFile),
		c.splitAddress("registry.url", &c.Registry.URL, &c.Registry.User, &c.Registry.Password),
		c.splitAddress("clickhouse.dsn", &c.ClickHouse.DSN, &c.ClickHouse.User, &c.ClickHouse.Password),
		c.partySecrets(),
	)
}

func (c *Config) partySecrets() error {
	var faults []error
	for _, party := range sorted(c.Parties) {
		settings := c.Parties[party].Settings
		for _, name := range sorted(settings) {
			target, isFile := strings.CutSuffix(name, fileSuffix)
			if !isFile || !isSecretName(target) {
				continue
			}
			secret := Secret(settings[target])
			faults = append(faults, c.secretFromFile("parties."+party+".settings."+target, &secret, settings[name]))
			settings[target] = secret.Reveal()
		}
	}
	return errors.Join(faults...)
}

func (c *Config) secretFromFile(name string, secret *Secret, path string) error {
	if path == "" {
		return nil
	}
	if *secret != "" {
		return fmt.Errorf("%s and %s%s are both set: which of them holds?", name, name, fileSuffix)
	}
	text, err := readBounded(path)
	if err != nil {
		return c.blame(name+fileSuffix, fmt.Errorf("%s%s: %w", name, fileSuffix, err))
	}
	*secret = Secret(strings.TrimRight(string(text), "\r\n"))
	if *secret == "" {
		return c.blame(name+fileSuffix, fmt.Errorf("%s%s: %s is empty", name, fileSuffix, path))
	}
	c.origins[name] = origin{c.origins[name+fileSuffix].source, path}
	return nil
}

// splitAddress moves the credentials of an address to where credentials are. No complaint shows the address: it may hold a
// password, and so may the complaint of net/url.
func (c *Config) splitAddress(name string, address, user *string, password *Secret) error {
	if *address == "" {
		return nil
	}
	parsed, err := url.Parse(*address)
	if err != nil || parsed.Host == "" {
		return c.blame(name, fmt.Errorf("%s is no address of the form scheme://host:port/path", name))
	}
	query := parsed.Query()
	found, _ := parsed.User.Password()
	if p := query.Get("password"); p != "" {
		found = p
	}
	if found != "" && c.origins[name].source == SourceFile {
		return c.blame(name, fmt.Errorf("%s holds a password, which has no place in this file: set %s", name, envName(sibling(name, "password"))))
	}
	if found != "" && *password == "" {
		*password = Secret(found)
		c.origins[sibling(name, "password")] = c.origins[name]
	}
	if u := firstOf(query.Get("username"), parsed.User.Username()); u != "" && *user == "" {
		*user = u
		c.origins[sibling(name, "user")] = c.origins[name]
	}
	query.Del("password")
	query.Del("username")
	parsed.User, parsed.RawQuery = nil, query.Encode()
	*address = parsed.String()
	return nil
}

func sibling(name, other string) string { return name[:strings.LastIndexByte(name, '.')+1] + other }

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
