package allegro

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-faster/jx"

	"waybill/schemas"
)

// validate answers where the document, which ends the body, is no JSON.
func validate(body, document []byte) error {
	d := jx.GetDecoder()
	defer jx.PutDecoder(d)
	d.ResetBytes(document)
	if d.Validate() == nil {
		return nil
	}
	offset, reason := locate(document)
	return fmt.Errorf("read JSON: %w", schemas.SyntaxAt(body, len(body)-len(document)+offset, reason))
}

// locate finds where a document that was refused is broken, for which the standard library has the better words.
func locate(document []byte) (offset int, reason string) {
	var whole json.RawMessage
	var syntax *json.SyntaxError
	if !errors.As(json.Unmarshal(document, &whole), &syntax) {
		return len(document), "not JSON"
	}
	if offset = int(syntax.Offset); offset < len(document) || syntax.Error() != "unexpected end of JSON input" {
		offset-- // it counts the byte it stumbled over
	}
	return offset, syntax.Error()
}
