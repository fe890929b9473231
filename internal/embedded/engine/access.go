package engine

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"strings"
)

// fromThisMachine keeps web pages out: a browser can be made to send a request to a loopback address.
func fromThisMachine(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return r.Header.Get("Origin") == "" && (host == "localhost" || ip != nil && ip.IsLoopback())
}

// knowsPassword looks for the password where ClickHouse's clients put it.
func knowsPassword(r *http.Request, password string) bool {
	if password == "" {
		return true
	}
	_, basic, _ := r.BasicAuth()
	sent := firstOf(r.Header.Get("X-ClickHouse-Key"), basic, r.URL.Query().Get("password"))
	got, want := sha256.Sum256([]byte(sent)), sha256.Sum256([]byte(password))
	return subtle.ConstantTimeCompare(got[:], want[:]) == 1
}
