package remote

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"waybill/schemas"
)

// watch is a context, and what was heard of the exchanges made with it.
func watch(t *testing.T) (context.Context, func() []schemas.Exchange) {
	var mu sync.Mutex
	var all []schemas.Exchange
	return Watch(t.Context(), func(x schemas.Exchange) {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, x)
	}), func() []schemas.Exchange { return all }
}

// What is kept of a request is what the party got, byte for byte (item 47).
func TestWhatIsKeptIsWhatWentOverTheWire(t *testing.T) {
	var got []string
	client := answering(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sum := sha256.Sum256(body)
		got = append(got, hex.EncodeToString(sum[:]))
		if len(got)%3 == 0 {
			w.WriteHeader(http.StatusBadGateway)
		}
		_, _ = io.WriteString(w, `{"n":1}`)
	})
	ctx, heard := watch(t)
	for n := range 1000 {
		_, _ = client.Post(ctx, "/orders?to=ana", map[string]string{"name": strings.Repeat("Zażółć ", n%50)}, nil)
	}
	all := heard()
	if len(all) != 1000 {
		t.Fatalf("%d of 1000 exchanges were heard", len(all))
	}
	for i, x := range all {
		sum := sha256.Sum256(x.Sent.Bytes)
		if x.SentSHA256 != got[i] || hex.EncodeToString(sum[:]) != got[i] || int(x.SentBytes) != len(x.Sent.Bytes) || string(x.Said.Bytes) != `{"n":1}` {
			t.Fatalf("exchange %d is kept as %+v", i, x)
		}
		if wrong := i%3 == 2; (x.Status == 502) != wrong || x.Path != "/orders" || string(x.Query.Bytes) != "to=ana" {
			t.Fatalf("exchange %d is kept as %+v", i, x)
		}
		if strings.Contains(x.Headers, "Bearer") || !strings.Contains(x.Headers, "Authorization: (not kept)") || !strings.Contains(x.Headers, "Content-Type: application/json") {
			t.Fatalf("headers: %s", x.Headers)
		}
	}
}

func TestSecretsAndLongBodiesAreNotKept(t *testing.T) {
	client := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `"`+strings.Repeat("y", keptMax)+`"`)
	}).Hide("hunter2")
	ctx, heard := watch(t)
	for _, body := range []string{"the password is hunter2", strings.Repeat("x", keptMax)} {
		if _, err := client.Post(ctx, "/", body, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := client.Post(Secretly(ctx), "/login", "mine", nil); err != nil {
		t.Fatal(err)
	}
	all := heard()
	if x := all[0]; string(x.Sent.Bytes) != `"the password is (secret)"` || len(x.Said.Bytes) != 0 || x.SaidBytes != keptMax+2 {
		t.Errorf("with a secret: %s, %d bytes of %d", x.Sent.Bytes, len(x.Said.Bytes), x.SaidBytes)
	}
	if x := all[1]; len(x.Sent.Bytes) != 0 || x.SentBytes != keptMax+2 || x.SentSHA256 == "" {
		t.Errorf("a long one: %d bytes kept of %d", len(x.Sent.Bytes), x.SentBytes)
	}
	if x := all[2]; len(x.Sent.Bytes)+len(x.Said.Bytes) != 0 || x.SentSHA256 != "" || x.SentBytes == 0 {
		t.Errorf("a login: %+v", x)
	}
}

func TestAnExchangeWithoutAnAnswerIsHeardToo(t *testing.T) {
	client := New("http://127.0.0.1:1", func(*http.Request) {})
	ctx, heard := watch(t)
	if _, err := client.Post(ctx, "/", "x", nil); err == nil {
		t.Fatal("nobody answered, and it is no error")
	}
	if all := heard(); len(all) != 1 || all[0].Status != 0 || string(all[0].Sent.Bytes) != `"x"` {
		t.Errorf("heard: %+v", all)
	}
}
