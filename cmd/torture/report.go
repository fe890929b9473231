package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"waybill/topics"
)

// report leaves what is wrong with a round beside the logs and the data: which records differ, and all that was said about their orders.
func (r *run) report(out *result) (file string, err error) {
	file = filepath.Join(r.dir, fmt.Sprintf("round-%d.json", out.Round))
	f, err := os.OpenFile(file, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	defer f.Close()
	encoder := json.NewEncoder(f)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(out); err != nil {
		return file, err
	}
	for _, d := range out.differences {
		if err := encoder.Encode(d); err != nil {
			return file, err
		}
		for _, read := range d.records {
			if err := encoder.Encode(shown(read)); err != nil {
				return file, err
			}
		}
	}
	return file, f.Sync()
}

// shown is a record for people.
func shown(r *record) map[string]any {
	headers := map[string]string{}
	for _, h := range r.Headers {
		headers[h.Key] = string(h.Value)
	}
	text := map[string]any{"at": r.position(), "key": r.Key, "time": r.At.String(), "headers": headers}
	if r.Topic == topics.OrdersRaw {
		text["bytes"], text["sha256"] = len(r.bytes), sum(r.bytes)
		return text
	}
	text["value"] = r.Value
	return text
}
