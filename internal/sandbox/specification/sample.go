package specification

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Beyond returns the first field of a payload of JSON that a published sample of it has not, or has of another kind.
func Beyond(sample, payload []byte) error {
	known, said := map[string]string{}, map[string]string{}
	for into, text := range map[*map[string]string][]byte{&known: sample, &said: payload} {
		var value any
		if err := json.Unmarshal(text, &value); err != nil {
			return fmt.Errorf("read a payload: %w", err)
		}
		walk("", value, *into)
	}
	return beyond(known, said)
}

func walk(path string, value any, into map[string]string) {
	switch value := value.(type) {
	case map[string]any:
		into[path] = "object"
		for name, inner := range value {
			walk(path+"."+name, inner, into)
		}
	case []any:
		into[path] = "array"
		for _, inner := range value {
			walk(path+"[]", inner, into)
		}
	default:
		into[path] = fmt.Sprintf("%T", value)
	}
}

// BeyondXML returns the first element or attribute of a payload of XML that a published sample of it has not.
func BeyondXML(sample, payload []byte) error {
	known, err := elements(sample)
	if err != nil {
		return err
	}
	said, err := elements(payload)
	if err != nil {
		return err
	}
	return beyond(known, said)
}

func elements(text []byte) (map[string]string, error) {
	found, path := map[string]string{}, []string{}
	for in := xml.NewDecoder(bytes.NewReader(text)); ; {
		token, err := in.Token()
		switch {
		case errors.Is(err, io.EOF):
			return found, nil
		case err != nil:
			return nil, fmt.Errorf("read a payload: %w", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			path = append(path, token.Name.Space+" "+token.Name.Local)
			at := strings.Join(path, "/")
			found[at] = "element"
			for _, a := range token.Attr {
				if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
					found[at+"@"+a.Name.Local] = "attribute"
				}
			}
		case xml.EndElement:
			path = path[:len(path)-1]
		}
	}
}

func beyond(known, said map[string]string) error {
	for path, kind := range said {
		if known[path] != kind {
			return fmt.Errorf("%s is %s, and in the sample %q", path, kind, known[path])
		}
	}
	return nil
}
