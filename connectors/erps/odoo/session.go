package odoo

import (
	"context"
	"encoding/json"
	"strconv"

	"waybill/connectors/remote"
)

// enter is the number of the user, which every call is made with, beside the key. Odoo keeps no session for it.
func (e *ERP) enter(ctx context.Context) (int64, error) {
	select {
	case e.signingIn <- struct{}{}:
	case <-ctx.Done():
		return 0, late()
	}
	defer func() { <-e.signingIn }()
	if e.uid != 0 {
		return e.uid, nil
	}
	var uid json.RawMessage // a number, or false
	if _, err := e.exchange(ctx, &uid, "common", "authenticate", e.database, e.user, e.key, map[string]any{}); err != nil {
		return 0, harmless(err)
	}
	n, err := strconv.ParseInt(string(uid), 10, 64)
	switch {
	case string(uid) == "false":
		return 0, refusal("odoo.exceptions."+codeDenied, "")
	case err != nil || n <= 0:
		return 0, &remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "the answer can not be read: it names no user"}
	}
	e.uid = n
	return n, nil
}

// leave forgets a user that is refused, so that the next call asks who it is.
func (e *ERP) leave(ctx context.Context, uid int64) {
	select {
	case e.signingIn <- struct{}{}:
	case <-ctx.Done():
		return
	}
	if e.uid == uid {
		e.uid = 0
	}
	<-e.signingIn
}
