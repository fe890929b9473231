package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// station stands where the door would: it keeps the lines of each request it accepts, in order, and answers as it is told.
type station struct {
	says     func(request int, lines []string) (status int, answer string)
	requests int
	got      []string
}

func (s *station) take(body []byte) (status int, said string) {
	lines := strings.Split(strings.TrimSuffix(string(body), "\n"), "\n")
	s.requests++
	if s.says != nil {
		if status, said = s.says(s.requests, lines); status != 0 {
			return status, said
		}
	}
	s.got = append(s.got, lines...)
	return http.StatusAccepted, fmt.Sprintf(`{"accepted":%d}`, len(lines))
}

// RoundTrip makes a station a network of its own, for tests in which time is not real.
func (s *station) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	status, said := s.take(body)
	if status < 0 {
		return nil, errors.New(said)
	}
	w := httptest.NewRecorder()
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "7")
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, said)
	answer := w.Result()
	answer.Request = r
	return answer, nil
}

func nowhere() (string, error) { return "http://door.example", nil }

func client(s *station, rejects *[]string) *Client {
	return New(Settings{Party: "shop", Where: nowhere, HTTP: &http.Client{Transport: s}, Reject: func(d Document, reason string) {
		*rejects = append(*rejects, d.Place+" "+reason)
	}})
}

func documents(n int) (all []Document, lines []string) {
	for i := range n {
		line := fmt.Sprintf(`{"id":%d}`, i)
		all, lines = append(all, Document{Bytes: []byte(line), Place: fmt.Sprintf("f:%d", i+1)}), append(lines, line)
	}
	return all, lines
}

func feedAll(ctx context.Context, c *Client, all []Document) error {
	for _, d := range all {
		if err := c.Add(ctx, d); err != nil {
			return err
		}
	}
	return c.Flush(ctx)
}

func TestDocumentsArriveInOrderInFewRequests(t *testing.T) {
	s := &station{}
	all, lines := documents(1200)
	c := client(s, nil)
	if err := feedAll(t.Context(), c, all); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(s.got, lines) || s.requests != 3 {
		t.Errorf("%d lines in %d requests", len(s.got), s.requests)
	}
	if r := c.Report(); r.Documents != 1200 || r.Accepted != 1200 || r.Retried != 0 || r.Rejected != 0 {
		t.Errorf("reported %+v", r)
	}
}

func TestARequestIsNotLongerThanItsLimit(t *testing.T) {
	longest := 0
	s := &station{says: func(_ int, lines []string) (int, string) {
		longest = max(longest, len(strings.Join(lines, "\n"))+1)
		return 0, ""
	}}
	big := []byte(`"` + strings.Repeat("x", 1<<20) + `"`)
	if err := feedAll(t.Context(), client(s, nil), slices.Repeat([]Document{{Bytes: big}}, 10)); err != nil {
		t.Fatal(err)
	}
	if len(s.got) != 10 || longest > batchBytesMax {
		t.Errorf("%d documents, the longest request %d bytes", len(s.got), longest)
	}
}

func TestARefusedDocumentIsReportedAndTheOthersGoOnInOrder(t *testing.T) {
	s := &station{says: func(_ int, lines []string) (int, string) {
		for i, line := range lines {
			if strings.HasSuffix(line, `3}`) {
				return 422, fmt.Sprintf(`{"error":"no threes","document":%d}`, i+1)
			}
		}
		return 0, ""
	}}
	all, lines := documents(25)
	var rejects []string
	c := client(s, &rejects)
	if err := feedAll(t.Context(), c, all); err != nil {
		t.Fatal(err)
	}
	if want := slices.DeleteFunc(lines, func(line string) bool { return strings.HasSuffix(line, `3}`) }); !slices.Equal(s.got, want) {
		t.Errorf("arrived %q", s.got)
	}
	if !slices.Equal(rejects, []string{"f:4 no threes", "f:14 no threes", "f:24 no threes"}) {
		t.Errorf("rejected %q", rejects)
	}
	if r := c.Report(); r.Documents != 25 || r.Accepted != 22 || r.Rejected != 3 {
		t.Errorf("reported %+v", r)
	}
}

func TestARequestTooLargeForTheDoorIsCutInHalves(t *testing.T) {
	s := &station{says: func(_ int, lines []string) (int, string) {
		if len(lines) > 3 || lines[0] == `{"id":5}` {
			return 413, `{"error":"too much"}`
		}
		return 0, ""
	}}
	all, lines := documents(10)
	var rejects []string
	if err := feedAll(t.Context(), client(s, &rejects), all); err != nil {
		t.Fatal(err)
	}
	if want := slices.Delete(slices.Clone(lines), 5, 6); !slices.Equal(s.got, want) || !slices.Equal(rejects, []string{"f:6 too much"}) {
		t.Errorf("arrived %q, rejected %q", s.got, rejects)
	}
}

func TestAnArrayGoesAlone(t *testing.T) {
	s := &station{}
	all := []Document{{Bytes: []byte(`{}`)}, {Bytes: []byte(`[1]`)}, {Bytes: []byte(`{}`)}}
	if err := feedAll(t.Context(), client(s, nil), all); err != nil || s.requests != 3 {
		t.Errorf("%d requests, %v", s.requests, err)
	}
}

func TestWhatWasNotAcceptedIsSentAgainUntilItIs(t *testing.T) {
	for name, refusal := range map[string]struct {
		status int
		said   string
	}{
		"refused connection": {-1, "connection refused"}, "broken off": {202, `{"acc`}, "internal error": {500, ""}, "not stored": {503, `{"error":"no"}`}, "timeout": {408, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &station{says: func(request int, _ []string) (int, string) {
					if request <= 5 {
						return refusal.status, refusal.said
					}
					return 0, ""
				}}
				all, lines := documents(3)
				c := client(s, nil)
				if err := feedAll(t.Context(), c, all); err != nil {
					t.Fatal(err)
				}
				if r := c.Report(); !slices.Equal(s.got, lines) || r.Retried != 5 || r.Accepted != 3 {
					t.Errorf("arrived %q, reported %+v", s.got, r)
				}
			})
		})
	}
}

func TestADoorThatAsksToWaitIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		s := &station{says: func(request int, _ []string) (int, string) {
			if request == 1 {
				return http.StatusTooManyRequests, ""
			}
			return 0, ""
		}}
		all, _ := documents(1)
		if err := feedAll(t.Context(), client(s, nil), all); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 7*time.Second || took > 8*time.Second {
			t.Errorf("came again after %v", took)
		}
	})
}

// A pipeline that is full may be so for hours. As long as the door says when to come again, a feed comes, and people are told why.
func TestAFeedObeysADoorThatAsksToWaitForLongerThanItHasPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, asked := time.Now(), 0
		s := &station{says: func(request int, _ []string) (int, string) {
			if request <= 100 {
				return http.StatusTooManyRequests, `{"error":"the pipeline is full"}`
			}
			return 0, ""
		}}
		c := client(s, nil)
		c.settings.Asked = func(wait time.Duration, why string) {
			if asked++; wait < 7*time.Second || why != "the pipeline is full" {
				t.Errorf("asked to wait %v: %s", wait, why)
			}
		}
		all, _ := documents(1)
		if err := feedAll(t.Context(), c, all); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 700*time.Second || asked != 100 {
			t.Errorf("asked %d times, came after %v", asked, took)
		}
	})
}

func TestAFeedGivesUpWithoutProgressAndSaysWhy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		s := &station{says: func(int, []string) (int, string) { return -1, "connection refused" }}
		all, _ := documents(1)
		err := feedAll(t.Context(), client(s, nil), all)
		if err == nil || !strings.Contains(err.Error(), "f:1") || !strings.Contains(err.Error(), "connection refused") {
			t.Errorf("got %v", err)
		}
		if took := time.Since(began); took < 50*time.Second || took > time.Minute {
			t.Errorf("gave up after %v", took)
		}
	})
}

func TestAFeedThatIsStoppedEndsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		s := &station{says: func(int, []string) (int, string) { return 503, "" }}
		all, _ := documents(1)
		began := time.Now()
		if err := feedAll(ctx, client(s, nil), all); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 3*time.Second {
			t.Errorf("got %v after %v", err, time.Since(began))
		}
	})
}

func TestWhatWillNeverBeAcceptedIsNotTriedAgain(t *testing.T) {
	for status, said := range map[int]string{404: `{"error":"no party of that name"}`, 405: "", 403: "", 302: "", 200: "hello", 202: "hello"} {
		synctest.Test(t, func(t *testing.T) {
			s := &station{says: func(int, []string) (int, string) { return status, said }}
			all, _ := documents(1)
			if err := feedAll(t.Context(), client(s, nil), all); err == nil || (status != 202 && s.requests != 1) {
				t.Errorf("%d: got %v after %d requests", status, err, s.requests)
			}
		})
	}
}

// listening is a server that keeps what it is sent, and answers or hangs up.
func listening(t *testing.T, got chan<- string, answers bool) (url string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- r.Method + " " + r.URL.Path + " " + string(body)
		if !answers {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, `{"accepted":1}`)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestAnInstanceThatComesBackElsewhereIsFound(t *testing.T) {
	got := make(chan string, 2)
	dying, born := listening(t, got, false), listening(t, got, true)
	asked := 0
	c := New(Settings{Party: "shop", Where: func() (string, error) {
		switch asked++; asked {
		case 1:
			return dying, nil // it stores, but its answer is lost
		case 2:
			return "", errors.New("no instance runs here")
		}
		return born + "/", nil
	}})
	all, _ := documents(1)
	if err := feedAll(t.Context(), c, all); err != nil {
		t.Fatal(err)
	}
	if r := c.Report(); r.Retried != 2 || r.Accepted != 1 {
		t.Errorf("reported %+v", r)
	}
	for range 2 {
		if sent := <-got; sent != "POST /feed/shop {\"id\":0}\n" {
			t.Errorf("sent %q", sent)
		}
	}
}
