package amazon

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"waybill/internal/sandbox/party"
)

// tokenLife is how long an access token opens the API (developer-docs.amazon.com/sp-api, Connect to the SP-API).
const tokenLife = time.Hour

// login exchanges the refresh token, which stays the same (RFC 6749 §6; the client proves itself in the body).
func (a *API) login(c *party.Call) party.Reply {
	kind, _, _ := mime.ParseMediaType(c.Header.Get("Content-Type"))
	asked, err := url.ParseQuery(string(c.Body))
	switch {
	case kind != "application/x-www-form-urlencoded" || err != nil || asked.Get("grant_type") == "":
		return refusedLogin(http.StatusBadRequest, "invalid_request", "The request is missing a required parameter or is malformed")
	case asked.Get("grant_type") != "refresh_token":
		return refusedLogin(http.StatusBadRequest, "unsupported_grant_type", "The authorization grant type is not supported by the authorization server")
	case !same(a.options.Client, asked.Get("client_id")), !same(a.options.Secret, asked.Get("client_secret")):
		return refusedLogin(http.StatusUnauthorized, "invalid_client", "Client authentication failed")
	case !same(a.options.Refresh, asked.Get("refresh_token")):
		return refusedLogin(http.StatusBadRequest, "invalid_grant", "The request has an invalid grant parameter : refresh_token")
	}
	return party.JSON(http.StatusOK, map[string]any{
		"access_token": a.issue(), "refresh_token": a.options.Refresh, "token_type": "bearer", "expires_in": int(tokenLife / time.Second),
	})
}

// same compares secrets in a time that tells nothing; an empty one is nobody's.
func same(right, given string) bool { return right != "" && hmac.Equal([]byte(right), []byte(given)) }

// refusedLogin is an error of a token endpoint (RFC 6749 §5.2).
func refusedLogin(status int, code, description string) party.Reply {
	return party.JSON(status, map[string]string{"error": code, "error_description": description})
}

const tokenPrefix = "Atza|"

// issue makes an access token: until when it is good, and what only the secret makes of that. So none has to be kept.
func (a *API) issue() string {
	says := fmt.Sprintf("%d.%d", a.options.Now().Add(tokenLife).Unix(), a.issued.Add(1))
	return tokenPrefix + says + "." + a.sealed(says)
}

func (a *API) sealed(says string) string {
	m := hmac.New(sha256.New, []byte(a.options.Secret+" "+a.options.Refresh))
	m.Write([]byte(says))
	return hex.EncodeToString(m.Sum(nil))
}

// refuses says why a token opens nothing; "" if it does.
func (a *API) refuses(token string) string {
	if token == "" {
		return "Access token is missing in the request header."
	}
	says, is := strings.CutPrefix(token, tokenPrefix)
	at := strings.LastIndexByte(says, '.')
	if !is || at < 0 || a.options.Secret == "" || !same(a.sealed(says[:at]), says[at+1:]) {
		return "The access token you provided is revoked, malformed or invalid."
	}
	until, _, _ := strings.Cut(says, ".")
	if end, err := strconv.ParseInt(until, 10, 64); err != nil || !a.options.Now().Before(time.Unix(end, 0)) {
		return "The access token you provided has expired."
	}
	return ""
}
