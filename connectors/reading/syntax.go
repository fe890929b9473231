package reading

import (
	"encoding/json"
	"errors"

	"waybill/schemas"
)

// locate finds where a document that was refused is broken, for which the standard library has the better words.
func locate(body []byte) *schemas.SyntaxError {
	document := withoutMark(body)
	mark := len(body) - len(document)
	var whole json.RawMessage
	var syntax *json.SyntaxError
	if !errors.As(json.Unmarshal(document, &whole), &syntax) {
		return schemas.SyntaxAt(body, len(body), "not JSON")
	}
	offset := int(syntax.Offset)
	if offset < len(document) || syntax.Error() != "unexpected end of JSON input" {
		offset-- // it counts the byte it stumbled over
	}
	return schemas.SyntaxAt(body, mark+offset, syntax.Error())
}
