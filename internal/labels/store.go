// Package labels keeps the bytes of labels, each once, under their hash. What is kept is never made again from anything: a label that is lost
// has to be bought anew. It lies in a folder of the data, or in a bucket (gocloud.dev/blob).
package labels

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/memblob" // mem://
	_ "gocloud.dev/blob/s3blob"  // s3://
	"gocloud.dev/gcerrors"
)

// Classes of what is kept: each has a time of its own.
const (
	Label = "label"
	Slip  = "slip"  // a packing slip
	Proof = "proof" // of a delivery
)

// BytesMax bounds a label: the longest that were seen of the carriers are below one MiB.
const BytesMax = 8 << 20

// ErrAbsent says that a label was never kept, or is not any more.
var ErrAbsent = errors.New("the label store does not have it")

// Store is where labels lie.
type Store struct {
	bucket *blob.Bucket
	seen   sync.Map // the layouts that are known
}

// Open opens the store at an address, or in a folder if there is none.
func Open(ctx context.Context, address, dir string) (*Store, error) {
	if address == "" {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("open the label store: %w", err)
		}
		absolute, err := filepath.Abs(dir)
		if err != nil {
			return nil, fmt.Errorf("open the label store: %w", err)
		}
		// What is written is renamed into its place, which a folder elsewhere may not allow.
		address = (&url.URL{Scheme: fileblob.Scheme, Path: absolute, RawQuery: "no_tmp_dir=1&metadata=skip"}).String()
	}
	if err := credentialed(ctx, address); err != nil {
		return nil, fmt.Errorf("open the label store at %s: %w", withoutQuery(address), err)
	}
	bucket, err := blob.OpenBucket(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("open the label store at %s: %w", withoutQuery(address), err)
	}
	return &Store{bucket: bucket}, nil
}

// withoutQuery is an address without what may be secret in it.
func withoutQuery(address string) string {
	address, _, _ = strings.Cut(address, "?")
	return address
}

// Close ends it.
func (s *Store) Close() error { return s.bucket.Close() }

// Put keeps bytes, and is their hash. They are there, whole, when it returns; whoever puts the same twice has them once.
func (s *Store) Put(ctx context.Context, class string, kept []byte) (sha string, err error) {
	if len(kept) == 0 || len(kept) > BytesMax {
		return "", fmt.Errorf("keep a %s: it has %d bytes, and must have from 1 to %d", class, len(kept), BytesMax)
	}
	sum := sha256.Sum256(kept)
	sha = hex.EncodeToString(sum[:])
	// Not WriteAll: what Azure refuses, as what it has already, makes that panic (gocloud.dev 0.47, azureblob, writer.Close).
	err = s.bucket.Upload(ctx, place(class, sha), bytes.NewReader(kept), &blob.WriterOptions{IfNotExist: true, ContentType: "application/octet-stream"})
	if err != nil && gcerrors.Code(err) != gcerrors.FailedPrecondition && gcerrors.Code(err) != gcerrors.AlreadyExists {
		return "", fmt.Errorf("keep %s %s: %w", class, sha, err)
	}
	return sha, nil
}

var hashes = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Get is what was kept under a hash, whole as it was: ErrAbsent if nothing is.
func (s *Store) Get(ctx context.Context, class, sha string) ([]byte, error) {
	if !hashes.MatchString(sha) {
		return nil, fmt.Errorf("%q is no hash of a %s: %w", sha, class, ErrAbsent)
	}
	kept, err := s.bucket.ReadAll(ctx, place(class, sha))
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, fmt.Errorf("%s %s: %w", class, sha, ErrAbsent)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s %s: %w", class, sha, err)
	}
	if sum := sha256.Sum256(kept); hex.EncodeToString(sum[:]) != sha {
		return nil, fmt.Errorf("%s %s is damaged: its bytes have another hash", class, sha)
	}
	return kept, nil
}

// Purge removes what has been kept of a class since before a time, and says of each that it did.
func (s *Store) Purge(ctx context.Context, class string, before time.Time, log *slog.Logger) (purged int, err error) {
	kept := s.bucket.List(&blob.ListOptions{Prefix: class + "/"})
	for {
		one, err := kept.Next(ctx)
		if errors.Is(err, io.EOF) {
			return purged, nil
		}
		if err != nil {
			return purged, fmt.Errorf("look for old %ss: %w", class, err)
		}
		if one.IsDir || !one.ModTime.Before(before) {
			continue
		}
		if err := s.bucket.Delete(ctx, one.Key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
			return purged, fmt.Errorf("remove %s: %w", one.Key, err)
		}
		log.Info("a "+class+" was kept for its time and is removed", "sha256", filepath.Base(one.Key), "kept_since", one.ModTime, "bytes", one.Size)
		purged++
	}
}

func place(class, sha string) string { return class + "/" + sha[:2] + "/" + sha }
