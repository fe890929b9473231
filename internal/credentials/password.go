package credentials

import (
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"

	"waybill/internal/config"
)

// Password is one that may stand in a file, and change there.
type Password struct {
	name   string // kafka.sasl.password_file
	file   string // "": it never changes
	log    *slog.Logger
	report report

	mu   sync.Mutex
	good config.Secret
}

func newPassword(name string, first config.Secret, file string, log *slog.Logger) *Password {
	return &Password{name: name, file: file, good: first, log: log, report: report{log: log}}
}

// passwordBytesMax bounds the file of a password.
const passwordBytesMax = 64 << 10

// Now is the password as its file has it, or as it had it when it could last be read.
func (p *Password) Now() string {
	if p == nil {
		return ""
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.file == "" {
		return p.good.Reveal()
	}
	read, err := p.read()
	p.report.say(err, "the last good one stays in use")
	if err == nil && read != p.good {
		p.log.Info("password exchanged", "setting", p.name)
		p.good = read
	}
	return p.good.Reveal()
}

func (p *Password) read() (config.Secret, error) {
	text, err := os.ReadFile(p.file)
	if err != nil {
		return "", fmt.Errorf("%s: %w", p.name, err)
	}
	secret := config.Secret(strings.TrimRight(string(text), "\r\n"))
	if secret == "" || len(secret) > passwordBytesMax {
		return "", fmt.Errorf("%s: %s is empty, or longer than %d bytes", p.name, p.file, passwordBytesMax)
	}
	return secret, nil
}
