package config

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// masked stands wherever a secret would be printed.
const masked = "••••"

// Secret is a text that never prints itself: not with %v, %+v, %#v, nor in JSON, YAML or a log.
type Secret string

// Reveal is the secret itself, for the one who authenticates with it.
func (s Secret) Reveal() string { return string(s) }

// String says only whether there is one.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return masked
}

// Format keeps every verb from printing it.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText keeps JSON and YAML from printing it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue keeps logs from printing it.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Settings are what a connector asks for, by its own names. A name that says so holds a secret and prints masked; its value
// can also be the content of the file that <name>_file names.
type Settings map[string]string

// Masked are the settings fit to be printed.
func (s Settings) Masked() map[string]string {
	out := make(map[string]string, len(s))
	for name, value := range s {
		if isSecretName(name) {
			value = Secret(value).String()
		}
		out[name] = value
	}
	return out
}

// String prints them masked.
func (s Settings) String() string { return fmt.Sprint(s.Masked()) }

// Format keeps every verb from printing a secret.
func (s Settings) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue keeps logs from printing a secret.
func (s Settings) LogValue() slog.Value { return slog.AnyValue(s.Masked()) }

// isSecretName tells by its name whether a setting holds a secret. The name of a file is none.
func isSecretName(name string) bool {
	if strings.HasSuffix(name, fileSuffix) {
		return false
	}
	for _, word := range []string{"secret", "password", "token", "api_key", "private_key", "credential"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
