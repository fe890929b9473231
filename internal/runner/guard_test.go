package runner

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
	"waybill/topics"
)

// guard stands before the registry and answers in its place what it is told to.
type guard struct {
	url   string
	mu    sync.Mutex
	told  map[int]string // by schema id
	asked map[int]bool
}

func newGuard(t testing.TB, registry string) *guard {
	g := &guard{told: map[int]string{}, asked: map[int]bool{}}
	behind, err := url.Parse(registry)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(behind)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch told := g.note(r.URL.Path); told {
		case "":
			proxy.ServeHTTP(w, r)
		case broken:
			http.Error(w, "the registry is broken", http.StatusBadRequest)
		default:
			_, _ = w.Write([]byte(told))
		}
	}))
	t.Cleanup(server.Close)
	g.url = server.URL
	return g
}

func (g *guard) note(path string) (told string) {
	id, err := strconv.Atoi(strings.TrimPrefix(path, "/schemas/ids/"))
	if err != nil {
		return ""
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked[id] = true
	return g.told[id]
}

// answer makes it answer a question for the schema of that id with the text; "" lets the registry answer.
func (g *guard) answer(id int, text string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.told[id] = text
}

func (g *guard) awaitAsked(r *rig, id int) {
	r.t.Helper()
	r.await("the registry was asked", func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return g.asked[id]
	})
}

// upgrade is a new process: it knows nothing of what the registry said to the former one.
func (r *rig) upgrade() {
	r.t.Helper()
	var err error
	if r.registry, err = schemas.NewRegistry(r.guard.url); err != nil {
		r.t.Fatal(err)
	}
}

// newerID is a schema id that the registry itself does not know.
const newerID = 77

// What the guard can answer when it is asked for that id.
var (
	known   = answerOf(schemas.RawOrderSchema.Text())
	foreign = answerOf(`{"type": "record", "name": "RawOrder", "fields": []}`)
	broken  = "broken"
)

func answerOf(schema string) string {
	text, err := json.Marshal(map[string]string{"schema": schema})
	if err != nil {
		panic(err)
	}
	return string(text)
}

// putNewer writes a message under newerID.
func (r *rig) putNewer(m topics.Message) {
	r.t.Helper()
	value, err := m.Topic.Schema.Append([]byte{0, 0, 0, 0, newerID}, m.Value)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := r.client().ProduceSync(r.t.Context(), &kgo.Record{Topic: m.Topic.Name, Key: []byte(m.Key), Value: value}).FirstErr(); err != nil {
		r.t.Fatal(err)
	}
}
