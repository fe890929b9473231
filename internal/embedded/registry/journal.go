package registry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
)

// change is a request that changed the registry, with its answer. The journal of all changes is the registry's memory:
// the same requests in the same order give the same ids and versions again, deleted ones and shared ones included.
type change struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Body   string `json:"body,omitempty"`
	Status int    `json:"status"`
	Answer string `json:"answer"`
}

// replay repeats all changes. An answer that is another today would give a schema another id: then it refuses to start.
func (r *Registry) replay() error {
	text, err := os.ReadFile(r.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &r.journal); err != nil {
		return fmt.Errorf("read %s: %w", r.path, err)
	}
	for i, c := range r.journal {
		answer := r.do(c)
		if answer.status != c.Status || answer.text() != c.Answer {
			return fmt.Errorf("change %d of %s (%s %s) was answered with %d %s, and would be with %d %s now: "+
				"start it with the version of waybill that wrote it", i+1, r.path, c.Method, c.Path, c.Status, c.Answer, answer.status, answer.text())
		}
	}
	return nil
}

// save replaces the journal, so that a kill leaves the old one or the new one.
func (r *Registry) save() error {
	text, err := json.MarshalIndent(r.journal, "", " ")
	if err != nil {
		return err
	}
	file, err := os.Create(r.path + ".tmp")
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(r.path+".tmp", r.path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(r.path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// state is all that a request can change, as the registry tells it itself.
func (r *Registry) state() []byte {
	var state bytes.Buffer
	ask := func(path string) []byte {
		answer := r.do(change{Method: http.MethodGet, Path: path}).body.Bytes()
		state.Write(answer)
		return answer
	}
	ask("/schemas?deleted=true")
	ask("/config")
	ask("/mode")
	for _, query := range []string{"", "?deleted=true"} {
		var subjects []string
		if json.Unmarshal(ask("/subjects"+query), &subjects) != nil {
			continue
		}
		for _, subject := range subjects {
			ask("/subjects/" + url.PathEscape(subject) + "/versions" + query)
			ask("/config/" + url.PathEscape(subject))
			ask("/mode/" + url.PathEscape(subject))
		}
	}
	return state.Bytes()
}
