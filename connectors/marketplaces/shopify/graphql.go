package shopify

import (
	"context"
	"encoding/json"
	"strings"

	"waybill/connectors/remote"
)

// reasonMax bounds what is repeated of Shopify's words, in bytes.
const reasonMax = 300

// ask sends a query, and reads what it is answered into a value. GraphQL answers 200 to almost everything: what is wrong stands in the answer
// (shopify.dev, Response status and error codes).
func (a *Account) ask(ctx context.Context, query string, variables map[string]any, into any) error {
	var answer struct {
		Data   json.RawMessage
		Errors json.RawMessage
	}
	_, err := a.lists.Post(ctx, "/admin/api/"+version+"/graphql.json", map[string]any{"query": query, "variables": variables}, &answer)
	if err != nil {
		return absent(err)
	}
	if f := failureIn(answer.Errors); f != nil {
		return f
	}
	if len(answer.Data) == 0 || json.Unmarshal(answer.Data, into) != nil {
		return &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "success was answered, and it is no answer of GraphQL", Perhaps: true}
	}
	return nil
}

// failureIn sorts what is wrong with a query by its code.
func failureIn(said json.RawMessage) *remote.Failure {
	if len(said) == 0 || string(said) == "null" {
		return nil
	}
	var errors []struct {
		Message    string
		Extensions struct{ Code string }
	}
	if json.Unmarshal(said, &errors) != nil || len(errors) == 0 {
		return &remote.Failure{Class: remote.Permanent, Code: "graphql", Reason: "Shopify refuses the query, and does not say why"}
	}
	first := errors[0]
	f := &remote.Failure{Class: remote.Permanent, Code: strings.ToLower(first.Extensions.Code), Reason: "Shopify says: " + cut(first.Message)}
	switch first.Extensions.Code {
	case "THROTTLED":
		f.Class = remote.Throttled
	case "ACCESS_DENIED", "SHOP_INACTIVE":
		f.Class = remote.Authentication
	case "INTERNAL_SERVER_ERROR":
		f.Class, f.Perhaps = remote.Transient, true
	}
	return f
}

func cut(text string) string { return strings.ToValidUTF8(text[:min(len(text), reasonMax)], "") }

// userErrors are what a mutation did not do, and why. They are told with success.
type userErrors []struct {
	Message string `json:"message"`
}

func (e userErrors) failure() error {
	if len(e) == 0 {
		return nil
	}
	return &remote.Failure{Class: remote.Business, Code: "refused", Reason: "Shopify says: " + cut(e[0].Message)}
}
