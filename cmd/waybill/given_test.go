package main

import (
	"slices"
	"strings"
	"sync"
	"testing"
)

// givens are the variables that the command lines of a test get beside those of this process, by the test's name. A test that changes
// the environment of the process can run beside no other.
var givens = struct {
	sync.Mutex
	of map[string][]string
}{of: map[string][]string{}}

// given has what a test starts from now on, and what the tests within it start, find a variable in its environment.
func given(t testing.TB, name, value string) {
	t.Helper()
	givens.Lock()
	defer givens.Unlock()
	test := t.Name()
	if _, before := givens.of[test]; !before {
		t.Cleanup(func() {
			givens.Lock()
			defer givens.Unlock()
			delete(givens.of, test)
		})
	}
	givens.of[test] = append(givens.of[test], name+"="+value)
}

// givenTo is what a test was given, and before that what the tests were that it is within: of two values the later counts.
func givenTo(t testing.TB) (environ []string) {
	givens.Lock()
	defer givens.Unlock()
	for i, c := range t.Name() + "/" {
		if c == '/' {
			environ = append(environ, givens.of[t.Name()[:i]]...)
		}
	}
	return environ
}

func TestWhatATestIsGivenIsForItsOwnProcessesAlone(t *testing.T) {
	given(t, "WAYBILL_LISTEN", "first")
	given(t, "WAYBILL_LISTEN", "second")
	var within, beside []string
	t.Run("within", func(t *testing.T) {
		given(t, "WAYBILL_DATA", "its own")
		within = program(t, "version").Environ()
	})
	t.Run("beside", func(t *testing.T) { beside = program(t, "version").Environ() })
	for _, c := range []struct {
		environ []string
		has     string
		want    bool
	}{
		{within, "WAYBILL_LISTEN=second", true},
		{within, "WAYBILL_DATA=its own", true},
		{within, "WAYBILL_LISTEN=first", false},
		{beside, "WAYBILL_LISTEN=second", true},
		{beside, "WAYBILL_DATA=its own", false},
	} {
		if slices.Contains(c.environ, c.has) != c.want {
			t.Errorf("%s is there: %v, in %s", c.has, !c.want, strings.Join(c.environ, "\n"))
		}
	}
}
