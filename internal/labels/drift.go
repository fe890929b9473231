package labels

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"
)

// layouts is the folder of the layouts that were seen: a file each, that names the parcel whose label was the first.
const layouts = "layout"

// settled is how long no label of a carrier has to have looked otherwise, before one that does is told. Until then all are learned: a form
// has its variants.
const settled = 72 * time.Hour

// Drifts tells that a label of a carrier looks like none before: the carrier may have changed its form, and what prints or scans it may not
// take it (item 96). It is told of the first parcel only, also if that is asked about again.
func (s *Store) Drifts(ctx context.Context, carrier, format string, label []byte, parcel string, now time.Time) (bool, error) {
	layout := layoutOf(label, format)
	if layout == "" {
		return false, nil
	}
	folder := path.Join(layouts, carrier, format) + "/"
	place := folder + layout
	if _, known := s.seen.Load(place); known {
		return false, nil
	}
	err := s.bucket.Upload(ctx, place, strings.NewReader(parcel), &blob.WriterOptions{IfNotExist: true, ContentType: "text/plain"})
	if err != nil && gcerrors.Code(err) != gcerrors.FailedPrecondition && gcerrors.Code(err) != gcerrors.AlreadyExists {
		return false, fmt.Errorf("keep what labels of %s look like: %w", carrier, err)
	}
	first, err := s.bucket.ReadAll(ctx, place)
	if err != nil {
		return false, fmt.Errorf("read what labels of %s look like: %w", carrier, err)
	}
	if string(first) != parcel {
		s.seen.Store(place, nil)
		return false, nil
	}
	newest, err := s.newest(ctx, folder, place)
	return !newest.IsZero() && now.Sub(newest) >= settled, err
}

// newest is when the last of the other layouts was first seen; zero if there is none.
func (s *Store) newest(ctx context.Context, folder, but string) (newest time.Time, err error) {
	kept := s.bucket.List(&blob.ListOptions{Prefix: folder})
	for {
		one, err := kept.Next(ctx)
		if errors.Is(err, io.EOF) {
			return newest, nil
		}
		if err != nil {
			return newest, fmt.Errorf("look for other layouts: %w", err)
		}
		if one.Key != but && one.ModTime.After(newest) {
			newest = one.ModTime
		}
	}
}
