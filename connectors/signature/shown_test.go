package signature

import (
	"errors"
	"net/http"
	"testing"
)

func TestASecretIsShownOrNot(t *testing.T) {
	settings := map[string]string{"push_secret": "new", "push_secret_old": "before", "push_secret_older": "long ago"}
	for given, want := range map[string]error{"new": nil, "before": nil, "long ago": ErrWrong, "ne": ErrWrong, "": ErrMissing} {
		if err := Shown(given, Secrets(settings, "push_secret")); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", given, err, want)
		}
	}
	for _, none := range [][]string{nil, Secrets(nil, "push_secret"), Secrets(map[string]string{"push_secret": ""}, "push_secret")} {
		if err := Shown("", none); !errors.Is(err, ErrNoSecret) {
			t.Errorf("%v: %v", none, err)
		}
	}
	if err := Shown("x", []string{""}); !errors.Is(err, ErrWrong) {
		t.Errorf("an empty one: %v", err)
	}
}

func TestASecretInAHeaderStandsThereOnce(t *testing.T) {
	for _, values := range [][]string{nil, {""}, {"new", "new"}, {"x", "new"}} {
		if err := InHeader(http.Header{"X-Token": values}, "x-token", []string{"new"}); !errors.Is(err, ErrMissing) {
			t.Errorf("%q: %v", values, err)
		}
	}
	if err := InHeader(http.Header{"X-Token": {"new"}}, "x-token", []string{"new"}); err != nil {
		t.Error(err)
	}
}
