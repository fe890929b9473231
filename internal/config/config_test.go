package config

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func write(t *testing.T, text string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), FileName)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func load(t *testing.T, text string, environ ...string) *Config {
	t.Helper()
	c, err := Load(write(t, text), environ)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWithoutAFileTheDefaultsHold(t *testing.T) {
	c, err := Load("", nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:8080" || c.Kafka.Partitions != 4 || c.Limits.BodyBytesMax != 5242880 || !c.Sandbox.Enabled {
		t.Errorf("got %+v", c)
	}
	if p := c.Parties["allegro"]; len(c.Parties) != 13 || p.Channel != "allegro" || p.Seller != "default" {
		t.Errorf("parties are %v", c.Parties)
	}
}

func TestAFlagStandsAboveTheEnvironmentAndThatAboveTheFile(t *testing.T) {
	path := write(t, "seller: file\ndeployment: file\ninstance: 7\nkafka:\n  brokers: [a:1, b:2]\n")
	c, err := Load(path, []string{"WAYBILL_DEPLOYMENT=env", "WAYBILL_INSTANCE=env", "WAYBILL_LISTEN=", "HOME=/nowhere"},
		Flag{Key: "instance", Value: "flag", Name: "--instance"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Seller != "file" || c.Deployment != "env" || c.Instance != "flag" || !slices.Equal(c.Kafka.Brokers, []string{"a:1", "b:2"}) {
		t.Errorf("got %+v", c)
	}
	if c.Listen != Defaults().Listen {
		t.Error("an empty variable took a default away")
	}
}

func TestAListInTheEnvironmentIsSeparatedByCommas(t *testing.T) {
	c := load(t, "", "WAYBILL_KAFKA_BROKERS=a:9092, b:9092")
	if !slices.Equal(c.Kafka.Brokers, []string{"a:9092", "b:9092"}) {
		t.Errorf("got %q", c.Kafka.Brokers)
	}
}

func TestWhatIsWrongIsNamedWithItsPlace(t *testing.T) {
	for _, c := range []struct{ name, file, env, want string }{
		{"unknown key", "kafka:\n  brokres: [a:1]\n", "", "waybill.yaml line 2: unknown key kafka.brokres; did you mean kafka.brokers?"},
		{"unknown section", "kafkaa: {}\n", "", "waybill.yaml line 1: unknown key kafkaa; did you mean kafka?"},
		{"like nothing", "zzzzzzzzzzzz: 1\n", "", "unknown key zzzzzzzzzzzz; waybill config explain lists them all"},
		{"dotted key", "kafka.brokers: [a:1]\n", "", "one below the other"},
		{"twice", "seller: a\nseller: b\n", "", "line 2"},
		{"not a number", "kafka: {partitions: four}\n", "", `waybill.yaml line 1: kafka.partitions is "four", which is not a whole number`},
		{"too small", "\nkafka:\n  partitions: 0\n", "", "waybill.yaml line 3: kafka.partitions is 0, must be from 1 to 1000"},
		{"not a truth", "embedded: {sync: perhaps}\n", "", "embedded.sync"},
		{"not a list", "kafka: {brokers: {a: 1}}\n", "", "kafka.brokers must be one value"},
		{"list for a text", "listen: [a]\n", "", "listen must be one value"},
		{"not a section", "kafka: 5\n", "", "kafka must hold keys"},
		{"bad address", "listen: localhost\n", "", `listen is "localhost", must be host:port`},
		{"bad mechanism", "kafka: {sasl: {mechanism: magic, user: u}}\n", "WAYBILL_KAFKA_SASL_PASSWORD=p", "must be one of: plain, scram-sha-256"},
		{"no password", "kafka: {sasl: {mechanism: plain, user: u}}\n", "", "set WAYBILL_KAFKA_SASL_PASSWORD"},
		{"half a certificate", "kafka: {tls: {enabled: true, cert_file: a}}\n", "", "kafka.tls.key_file"},
		{"bad scheme", "clickhouse: {dsn: 'mysql://h/d'}\n", "", "clickhouse.dsn must begin with one of"},
		{"small feed", "limits: {feed_bytes_max: 1024}\n", "", "must not be less than limits.body_bytes_max"},
		{"an ERP nowhere", "erp: {system: sandbox}\n", "", "erp.url says not where it is"},
		{"an ERP of no kind", "erp: {url: 'http://h'}\n", "", "erp.system is not"},
		{"an unknown ERP", "erp: {system: sap, url: 'http://h'}\n", "", "erp.system"},
		{"a channel and a carrier", "parties: {dhl: {carrier: dhl, channel: allegro}}\n", "", "an account sells, or it books parcels"},
		{"a bucket of no kind", "labels: {url: 'ftp://h/labels'}\n", "", "labels.url must begin with one of"},
		{"no party", "parties: {}\n", "", "parties is empty"},
		{"party's name", "parties: {Allegro_PL: {channel: allegro}}\n", "", "parties.Allegro_PL"},
		{"party's key", "parties: {a: {chanel: allegro}}\n", "", "did you mean parties.a.channel?"},
		{"variable", "", "WAYBILL_KAFKA_BROKRES=a:1", "unknown variable WAYBILL_KAFKA_BROKRES; did you mean WAYBILL_KAFKA_BROKERS?"},
		{"variable's value", "", "WAYBILL_KAFKA_PARTITIONS=x", "WAYBILL_KAFKA_PARTITIONS: kafka.partitions is"},
		{"variable out of range", "", "WAYBILL_KAFKA_PARTITIONS=-1", "WAYBILL_KAFKA_PARTITIONS: kafka.partitions is -1"},
		{"not YAML", "a: [\n", "", "waybill.yaml: yaml: line"},
		{"two documents", "seller: a\n---\nseller: b\n", "", "second document"},
		{"no such file of a secret", "registry: {password_file: /nowhere}\n", "", "waybill.yaml line 1: registry.password_file: open /nowhere"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Load(write(t, c.file), []string{c.env})
			if err == nil {
				t.Fatal("nothing was complained about")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestAllFaultsOfAFileAreNamedAtOnce(t *testing.T) {
	_, err := Load(write(t, "listn: a\nkafka: {partitions: x}\n"), nil)
	if err == nil || !strings.Contains(err.Error(), "listn") || !strings.Contains(err.Error(), "kafka.partitions") {
		t.Errorf("got %v", err)
	}
}

func TestASecretInTheFileIsRefusedWithoutBeingShown(t *testing.T) {
	for _, text := range []string{
		"kafka: {sasl: {password: hunter2}}",
		"clickhouse: {dsn: 'clickhouse://u:hunter2@host/db'}",
		"clickhouse: {dsn: 'clickhouse://host/db?password=hunter2'}",
		"clickhouse: {dsn: 'clickhouse://u:hunter2 x@host:p/db'}",
		"registry: {url: 'http://u:hunter2@host:80'}",
		"parties: {allegro: {settings: {client_secret: hunter2}}}",
	} {
		_, err := Load(write(t, text), nil)
		if err == nil {
			t.Errorf("%s was taken", text)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%v shows the secret", err)
		}
	}
	if _, err := Load("", nil, Flag{Key: "registry.password", Value: "hunter2", Name: "--set"}); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a secret on the command line: %v", err)
	}
}

func TestSecretsAreReadAndNeverPrinted(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("hunter2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := load(t, "registry: {url: 'http://r:1', password_file: '"+file+"'}\nparties: {allegro: {settings: {region: pl, token_file: '"+file+"'}}}",
		"WAYBILL_KAFKA_SASL_MECHANISM=plain", "WAYBILL_KAFKA_SASL_USER=u", "WAYBILL_KAFKA_SASL_PASSWORD=hunter2",
		"WAYBILL_CLICKHOUSE_DSN=https://me:hunter2@host:8443/db?secure=true", "WAYBILL_PARTIES_ALLEGRO_SETTINGS_CLIENT_SECRET=hunter2")
	settings := c.Parties["allegro"].Settings
	for name, got := range map[string]string{
		"variable": c.Kafka.SASL.Password.Reveal(), "file": c.Registry.Password.Reveal(), "address": c.ClickHouse.Password.Reveal(),
		"setting": settings["client_secret"], "setting's file": settings["token"],
	} {
		if got != "hunter2" {
			t.Errorf("%s: the secret is %q", name, got)
		}
	}
	if c.ClickHouse.User != "me" || c.ClickHouse.DSN != "https://host:8443/db?secure=true" || settings["region"] != "pl" {
		t.Errorf("got %v and %v", c.ClickHouse, settings)
	}
	asJSON, err := json.Marshal(c.Kafka)
	if err != nil {
		t.Fatal(err)
	}
	var logged strings.Builder
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("c", "secret", c.Registry.Password, "settings", settings)
	for _, text := range []string{
		fmt.Sprintf("%v %+v %#v %s %q %x", c, *c, *c, c.Registry.Password, c.Registry.Password, c.Registry.Password),
		fmt.Sprintf("%v %+v %#v %s", settings, settings, settings, c.Parties), string(asJSON), logged.String(), fmt.Sprint(Explain(c)),
	} {
		if strings.Contains(text, "hunter2") || strings.Contains(text, fmt.Sprintf("%x", "hunter2")) {
			t.Errorf("the secret is printed: %s", text)
		}
	}
}

func TestASecretSetTwiceIsRefused(t *testing.T) {
	if _, err := Load(write(t, "registry: {password_file: x}"), []string{"WAYBILL_REGISTRY_PASSWORD=a"}); err == nil || !strings.Contains(err.Error(), "both set") {
		t.Errorf("got %v", err)
	}
}

func TestACarrierStaysOneWhateverIsSetOfIt(t *testing.T) {
	c := load(t, "", "WAYBILL_PARTIES_DHL_SETTINGS_USER=u")
	if p := c.Parties["dhl"]; p.Carrier != "dhl" || p.Channel != "" || p.Settings["user"] != "u" {
		t.Errorf("got %+v", p)
	}
}

func TestPartiesOfTheFileReplaceTheDefaultOnes(t *testing.T) {
	c := load(t, "seller: s\nparties:\n  allegro-pl: {channel: allegro, settings: {region: pl}}\n  allegro: # nothing said\n  other: {channel: allegro, seller: t}\n",
		"WAYBILL_PARTIES_ALLEGRO_PL_SETTINGS_PAGE_SIZE=50", "WAYBILL_PARTIES_OTHER_SELLER=u")
	if len(c.Parties) != 3 || c.Parties["allegro"].Channel != "allegro" || c.Parties["allegro-pl"].Seller != "s" || c.Parties["other"].Seller != "u" {
		t.Errorf("parties are %v", c.Parties)
	}
	if s := c.Parties["allegro-pl"].Settings; s["region"] != "pl" || s["page_size"] != "50" {
		t.Errorf("settings are %v", s)
	}
	if c = load(t, "parties: {shop: {channel: allegro}}"); len(c.Parties) != 1 || c.Parties["shop"].Channel != "allegro" {
		t.Errorf("the default party stayed: %v", c.Parties)
	}
}

func TestExplainSaysWhereEachValueComesFrom(t *testing.T) {
	c, err := Load(write(t, "\nseller: me\n"), []string{"WAYBILL_REGISTRY_PASSWORD=x"}, Flag{Key: "listen", Value: "127.0.0.1:0", Name: "--listen"})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]Key{}
	for _, k := range Explain(c) {
		got[k.Name] = k
	}
	want := []Key{
		{Name: "seller", Env: "WAYBILL_SELLER", Value: "me", Default: "default", Source: SourceFile, Place: "waybill.yaml line 2"},
		{Name: "registry.password", Env: "WAYBILL_REGISTRY_PASSWORD", Value: masked, Source: SourceEnv, Place: "WAYBILL_REGISTRY_PASSWORD"},
		{Name: "listen", Env: "WAYBILL_LISTEN", Value: "127.0.0.1:0", Default: "127.0.0.1:8080", Source: SourceFlag, Place: "--listen"},
		{Name: "kafka.partitions", Env: "WAYBILL_KAFKA_PARTITIONS", Value: "4", Default: "4", Source: SourceDefault},
		{Name: "parties.allegro.channel", Env: "WAYBILL_PARTIES_ALLEGRO_CHANNEL", Value: "allegro", Default: "allegro", Source: SourceDefault},
	}
	for _, w := range want {
		g := got[w.Name]
		if g.Doc = ""; g != w {
			t.Errorf("got  %+v\nwant %+v", g, w)
		}
	}
}

func TestEveryKeyIsExplainedAndBounded(t *testing.T) {
	unit := regexp.MustCompile(`(bytes|seconds|milliseconds|records|rows|second|documents|connections|flight|burst|workers|attempts)_max$`)
	for _, k := range keys(Defaults()) {
		if len(k.doc) < 10 || k.doc != strings.TrimSuffix(k.doc, ".") {
			t.Errorf("%s: its meaning is %q", k.name, k.doc)
		}
		if k.kind.Kind().String() == "int" && k.max == 0 {
			t.Errorf("%s has no bounds", k.name)
		}
		if strings.HasSuffix(k.name, "_max") && !unit.MatchString(k.name) {
			t.Errorf("%s does not say its unit", k.name)
		}
		if k.pattern != "" && patterns[k.pattern] == nil {
			t.Errorf("%s has the pattern %q, which there is not", k.name, k.pattern)
		}
		if err := k.check(k.at(Defaults())); err != nil && !strings.HasPrefix(k.name, "parties.") {
			t.Errorf("its default breaks its own rule: %v", err)
		}
	}
}

func TestNoTwoKeysShareAVariable(t *testing.T) {
	seen := map[string]string{}
	for _, k := range keys(Defaults()) {
		if other := seen[k.env()]; other != "" {
			t.Errorf("%s sets both %s and %s", k.env(), other, k.name)
		}
		seen[k.env()] = k.name
	}
}

func FuzzAnyFileIsTakenOrRefusedWithoutAPanic(f *testing.F) {
	for _, seed := range []string{"", "a", "- b", "kafka: &x {brokers: [*x]}", "parties: {a: {settings: {b: {c: d}}}}", "parties: [a]", "? [a]\n: b", "parties: {a.b: {channel: c}}", "<<: {seller: a}", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := Load(write(t, text), nil); err == nil {
			Explain(c)
		}
	})
}
