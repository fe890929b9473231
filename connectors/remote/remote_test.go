package remote

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// answering is a client of a party that answers like that.
func answering(t *testing.T, handler http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return New(server.URL, func(r *http.Request) { r.Header.Set("Authorization", "Bearer t") })
}

func failureIn(t *testing.T, err error) *Failure {
	t.Helper()
	var f *Failure
	if !errors.As(err, &f) {
		t.Fatalf("got %v, want a failure", err)
	}
	return f
}

func TestAnAnswerSaysWhetherItMayHaveBeenDone(t *testing.T) {
	for _, c := range []struct {
		status  int
		class   string
		perhaps bool
	}{
		{400, Permanent, false},
		{401, Authentication, false},
		{403, Authentication, false},
		{404, Permanent, false},
		{408, Transient, true},
		{422, Permanent, false},
		{429, Throttled, false},
		{500, Transient, true},
		{503, Transient, true},
		{302, Permanent, false},
	} {
		client := answering(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7")
			w.Header().Set("Location", "http://elsewhere.example/")
			w.WriteHeader(c.status)
		})
		_, err := client.Post(t.Context(), "/x", map[string]int{}, new(any))
		if f := failureIn(t, err); f.Class != c.class || f.Perhaps != c.perhaps || f.RetryAfter != 7*time.Second || f.Status != c.status {
			t.Errorf("%d: %+v", c.status, f)
		}
	}
}

func TestAnAnswerIsBoundedAndMustBeJSON(t *testing.T) {
	for name, body := range map[string]string{"too long": `"` + strings.Repeat("a", answerBytesMax) + `"`, "a page": "<html>", "half": `{"id":`, "nothing": ""} {
		client := answering(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) })
		var into struct{ ID string }
		_, err := client.Post(t.Context(), "/x", nil, &into)
		if f := failureIn(t, err); f.Code != "unreadable_answer" || !f.Perhaps {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestACallThatTakesTooLongMayHaveBeenDone(t *testing.T) {
	over := make(chan struct{})
	client := answering(t, func(http.ResponseWriter, *http.Request) { <-over })
	defer close(over)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := client.Get(ctx, "/x", nil, new(any))
	if f := failureIn(t, err); f.Code != "timeout" || !f.Perhaps {
		t.Errorf("got %+v", f)
	}
}

func TestAPartyDoesNotMakeUsWaitForAYear(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"": 0, "soon": 0, "-1": 0, "30": 30 * time.Second, "99999999": waitMax, "Thu, 01 Jan 1970 00:00:00 GMT": 0,
		time.Now().Add(48 * time.Hour).UTC().Format(http.TimeFormat): waitMax,
	} {
		if got := retryAfter(header); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}
