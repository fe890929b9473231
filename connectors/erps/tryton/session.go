package tryton

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"waybill/connectors/remote"
)

// session is what Tryton lets us in with, until it forgets it (300 seconds after the last request, as Tryton comes).
type session struct {
	authorization string
	user          json.Number    // of res.user
	context       map[string]any // the user's preferences, which every call is made with: they name the company
	uniqueID      bool           // a sale has a web id, which is unique
}

// inSession is where a request finds its session in its context.
type inSession struct{}

// enter is the session in use, or another than the one that is no longer any good.
func (e *ERP) enter(ctx context.Context, spent *session) (*session, error) {
	select {
	case e.signingIn <- struct{}{}:
	case <-ctx.Done():
		return nil, late()
	}
	defer func() { <-e.signingIn }()
	if e.session != spent && e.session != nil {
		return e.session, nil
	}
	e.session = nil
	fresh, err := e.signIn(ctx)
	if err == nil {
		e.session = fresh
	}
	return fresh, err
}

// signIn costs Tryton a quarter of a second, and each wrong password makes the next attempt slower.
func (e *ERP) signIn(ctx context.Context) (*session, error) {
	var signed struct {
		id    json.Number
		token string
	}
	pair := []any{&signed.id, &signed.token}
	if _, err := e.exchange(remote.Secretly(ctx), "common.db.login", &pair, e.user, map[string]string{"password": e.password}); err != nil {
		return nil, e.notLetIn(err)
	}
	s := &session{user: signed.id, authorization: "Session " + base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%s:%s:%s", e.user, signed.id, signed.token))}
	inside := context.WithValue(ctx, inSession{}, s)
	if _, err := e.exchange(inside, "model.res.user.get_preferences", &s.context, true, struct{}{}); err != nil {
		return nil, harmless(err)
	}
	if s.context["company"] == nil {
		return nil, &remote.Failure{Class: remote.Authentication, Code: "no_company", Reason: "the user of Tryton works for no company: choose one in the preferences of " + e.user}
	}
	var fields map[string]any
	if _, err := e.exchange(inside, "model.sale.sale.fields_get", &fields, []string{"web_id"}, s.context); err != nil {
		return nil, harmless(err)
	}
	_, s.uniqueID = fields["web_id"]
	return s, nil
}

// notLetIn says what is wrong with how we come. All of it stops every call alike, and a person has to set it right.
func (e *ERP) notLetIn(err error) error {
	var f *remote.Failure
	if !errors.As(err, &f) {
		return err
	}
	f.Perhaps = false
	switch f.Status {
	case http.StatusUnauthorized:
		f.Code, f.Reason = "wrong_password", "Tryton refuses the user "+e.user+" or the password: look at erp.user and erp.token_file"
	case http.StatusNotFound:
		f.Class, f.Code, f.Reason = remote.Authentication, "unknown_database", "Tryton has no database of that name: look at the end of erp.url"
	case http.StatusTooManyRequests:
		f.Reason = "Tryton has refused the user " + e.user + " so often that it does not listen for a while: look at erp.user and erp.token_file"
	}
	return f
}
