package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"waybill/internal/config"
)

// kafkaOptions is how the configured cluster is reached.
func kafkaOptions(c *config.Config) ([]kgo.Opt, error) {
	options := []kgo.Opt{kgo.SeedBrokers(c.Kafka.Brokers...), kgo.ClientID("waybill")}
	if c.Kafka.TLS.Enabled {
		encrypted, err := tlsConfig(c.Kafka.TLS)
		if err != nil {
			return nil, err
		}
		options = append(options, kgo.DialTLSConfig(encrypted))
	}
	user, password := c.Kafka.SASL.User, c.Kafka.SASL.Password.Reveal()
	switch c.Kafka.SASL.Mechanism {
	case "plain":
		options = append(options, kgo.SASL(plain.Auth{User: user, Pass: password}.AsMechanism()))
	case "scram-sha-256":
		options = append(options, kgo.SASL(scram.Auth{User: user, Pass: password}.AsSha256Mechanism()))
	case "scram-sha-512":
		options = append(options, kgo.SASL(scram.Auth{User: user, Pass: password}.AsSha512Mechanism()))
	}
	return options, nil
}

func tlsConfig(t config.TLS) (*tls.Config, error) {
	encrypted := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: t.ServerName}
	if t.CAFile != "" {
		pem, err := os.ReadFile(t.CAFile)
		if err != nil {
			return nil, fmt.Errorf("kafka.tls.ca_file: %w", err)
		}
		encrypted.RootCAs = x509.NewCertPool()
		if !encrypted.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("kafka.tls.ca_file: %s holds no PEM certificate", t.CAFile)
		}
	}
	if t.CertFile != "" {
		pair, err := tls.LoadX509KeyPair(t.CertFile, t.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("kafka.tls.cert_file: %w", err)
		}
		encrypted.Certificates = []tls.Certificate{pair}
	}
	return encrypted, nil
}
