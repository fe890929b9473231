package schemas

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/sr"
)

// Writer is the definition that wrote a framed value, by its fingerprint in hexadecimal; "" of a value that names none this registry
// knows. An id means something to its own registry alone.
func (r *Registry) Writer(ctx context.Context, framed []byte) (string, error) {
	id, _, err := r.header.DecodeID(framed)
	if err != nil {
		return "", nil
	}
	sum, err := r.writer(ctx, id)
	switch {
	case errors.Is(err, ErrRegistry):
		return "", err
	case err != nil:
		return "", nil
	}
	return hex.EncodeToString(sum[:]), nil
}

// Reframe puts the id in front of a framed value by which this registry knows its writer under the subject. All behind the id stays
// as it is; so does the whole value where the writer is none of the schema's versions.
func (r *Registry) Reframe(ctx context.Context, subject string, s Any, writer string, framed []byte) ([]byte, error) {
	_, b, err := r.header.DecodeID(framed)
	if err != nil {
		return framed, nil
	}
	for _, v := range r.Versions(s) {
		if hex.EncodeToString(v.Fingerprint[:]) != writer {
			continue
		}
		found, err := r.client.LookupSchema(ctx, subject, sr.Schema{Schema: v.Text, Type: sr.TypeAvro})
		if err != nil {
			return nil, fmt.Errorf("frame a value of %s as this schema registry does: %w", subject, plain(err))
		}
		framed, err := r.header.AppendEncode(nil, found.ID, nil)
		return append(framed, b...), err
	}
	return framed, nil
}
