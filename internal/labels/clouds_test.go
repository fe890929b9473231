package labels

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// shelf is what a bucket of ours holds, whoever asks in which words.
type shelf struct {
	lock sync.Mutex
	held map[string][]byte
	puts int // that were heard
}

// put keeps bytes unless there are some.
func (s *shelf) put(key string, b []byte) bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.puts++
	if _, is := s.held[key]; is {
		return false
	}
	s.held[key] = b
	return true
}

func (s *shelf) get(key string) ([]byte, bool) {
	s.lock.Lock()
	defer s.lock.Unlock()
	b, is := s.held[key]
	return b, is
}

func (s *shelf) remove(key string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	delete(s.held, key)
}

func (s *shelf) keys(prefix string) (keys []string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	for key := range s.held {
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// ofGoogle speaks as much of Google's JSON API as a label needs (https://cloud.google.com/storage/docs/json_api/v1/objects). Objects are read by the XML API, as
// its library does.
func (s *shelf) ofGoogle(w http.ResponseWriter, r *http.Request) {
	const objects, created = "/b/bucket/o", "2026-11-20T12:00:00.000Z"
	object := func(key string, size int) map[string]any {
		return map[string]any{"kind": "storage#object", "bucket": "bucket", "name": key, "size": fmt.Sprint(size), "updated": created, "timeCreated": created, "generation": "1"}
	}
	say := func(status int, body any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body)
	}
	switch _, key, is := strings.Cut(r.URL.Path, objects+"/"); {
	case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, objects) && r.URL.Query().Get("ifGenerationMatch") == "0":
		key, b := parts(r)
		if !s.put(key, b) {
			say(http.StatusPreconditionFailed, map[string]any{"error": map[string]any{"code": 412, "message": "conditionNotMet"}})
			return
		}
		say(http.StatusOK, object(key, len(b)))
	case r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, objects):
		var items []any
		for _, key := range s.keys(r.URL.Query().Get("prefix")) {
			b, _ := s.get(key)
			items = append(items, object(key, len(b)))
		}
		say(http.StatusOK, map[string]any{"kind": "storage#objects", "items": items})
	case r.Method == http.MethodDelete && is:
		s.remove(key)
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet:
		if !is {
			key = strings.TrimPrefix(r.URL.Path, "/bucket/")
		}
		s.serve(w, key)
	default:
		say(http.StatusNotImplemented, map[string]any{})
	}
}

// parts are the name and the bytes of an upload in two parts.
func parts(r *http.Request) (key string, b []byte) {
	_, header, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	in := multipart.NewReader(r.Body, header["boundary"])
	var said struct{ Name string }
	if first, err := in.NextPart(); err == nil {
		_ = json.NewDecoder(first).Decode(&said)
	}
	if second, err := in.NextPart(); err == nil {
		b, _ = io.ReadAll(second)
	}
	return said.Name, b
}

func (s *shelf) serve(w http.ResponseWriter, key string) {
	b, is := s.get(key)
	if !is {
		w.Header().Set("X-Ms-Error-Code", "BlobNotFound")
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Last-Modified", "Fri, 20 Nov 2026 12:00:00 GMT")
	w.Header().Set("Etag", `"1"`)
	_, _ = w.Write(b)
}

// ofAzure speaks as much of Azure's Blob service as a label needs (https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api).
func (s *shelf) ofAzure(w http.ResponseWriter, r *http.Request) {
	_, key, _ := strings.Cut(r.URL.Path, "/account/bucket/")
	if !strings.HasPrefix(r.Header.Get("Authorization"), "SharedKey account:") {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	switch {
	case r.URL.Query().Get("comp") == "list":
		var items strings.Builder
		for _, key := range s.keys(r.URL.Query().Get("prefix")) {
			fmt.Fprintf(&items, "<Blob><Name>%s</Name><Properties><Last-Modified>Fri, 20 Nov 2026 12:00:00 GMT</Last-Modified><Etag>1</Etag><Content-Length>7</Content-Length></Properties></Blob>", key)
		}
		w.Header().Set("Content-Type", "application/xml")
		fmt.Fprintf(w, `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="bucket"><Blobs>%s</Blobs><NextMarker/></EnumerationResults>`, &items)
	case r.Method == http.MethodPut && r.Header.Get("If-None-Match") == "*":
		b, _ := io.ReadAll(r.Body)
		if !s.put(key, b) {
			w.Header().Set("X-Ms-Error-Code", "BlobAlreadyExists")
			w.WriteHeader(http.StatusConflict)
			return
		}
		w.WriteHeader(http.StatusCreated)
	case r.Method == http.MethodDelete:
		s.remove(key)
		w.WriteHeader(http.StatusAccepted)
	case r.Method == http.MethodGet:
		s.serve(w, key)
	default:
		w.WriteHeader(http.StatusNotImplemented)
	}
}

// ofAmazon speaks as much of S3 as a label needs (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html).
func (s *shelf) ofAmazon(w http.ResponseWriter, r *http.Request) {
	key := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/bucket"), "/")
	wrong := func(status int, code string) {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		fmt.Fprintf(w, "<Error><Code>%s</Code><Message>%s</Message></Error>", code, code)
	}
	switch {
	case !strings.Contains(r.Header.Get("Authorization"), "Credential=id/"):
		wrong(http.StatusForbidden, "AccessDenied")
	case r.Method == http.MethodPut && r.Header.Get("If-None-Match") == "*":
		b, _ := io.ReadAll(r.Body)
		if !s.put(key, b) {
			wrong(http.StatusPreconditionFailed, "PreconditionFailed")
			return
		}
		w.Header().Set("Etag", `"1"`)
	case r.Method == http.MethodGet && r.URL.Query().Get("list-type") == "2":
		var items strings.Builder
		for _, key := range s.keys(r.URL.Query().Get("prefix")) {
			fmt.Fprintf(&items, "<Contents><Key>%s</Key><LastModified>2026-11-20T12:00:00.000Z</LastModified><ETag>1</ETag><Size>7</Size></Contents>", key)
		}
		w.Header().Set("Content-Type", "application/xml")
		fmt.Fprintf(w, "<ListBucketResult><Name>bucket</Name><IsTruncated>false</IsTruncated>%s</ListBucketResult>", &items)
	case r.Method == http.MethodDelete:
		s.remove(key)
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodHead || r.Method == http.MethodGet:
		if _, is := s.get(key); !is {
			wrong(http.StatusNotFound, "NoSuchKey")
			return
		}
		s.serve(w, key)
	default:
		wrong(http.StatusNotImplemented, "NotImplemented")
	}
}

func TestALabelIsKeptOnceInTheBucketsOfAmazonGoogleAndAzure(t *testing.T) {
	amazon, google, azure := &shelf{held: map[string][]byte{}}, &shelf{held: map[string][]byte{}}, &shelf{held: map[string][]byte{}}
	servers := map[*shelf]*httptest.Server{
		amazon: httptest.NewServer(http.HandlerFunc(amazon.ofAmazon)), google: httptest.NewServer(http.HandlerFunc(google.ofGoogle)), azure: httptest.NewServer(http.HandlerFunc(azure.ofAzure)),
	}
	for _, server := range servers {
		t.Cleanup(server.Close)
	}
	t.Setenv("STORAGE_EMULATOR_HOST", strings.TrimPrefix(servers[google].URL, "http://"))
	t.Setenv("AZURE_STORAGE_ACCOUNT", "account")
	t.Setenv("AZURE_STORAGE_KEY", "a2V5")
	t.Setenv("AWS_ACCESS_KEY_ID", "id")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	for address, held := range map[string]*shelf{
		"s3://bucket?region=eu-central-1&use_path_style=true&endpoint=" + url.QueryEscape(servers[amazon].URL): amazon,
		"gs://bucket?anonymous=true": google,
		"azblob://bucket?protocol=http&domain=" + strings.TrimPrefix(servers[azure].URL, "http://"): azure,
	} {
		s, err := Open(t.Context(), address, "")
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		label := []byte("^XA^XZ\x00")
		sha, err := s.Put(t.Context(), Label, label)
		if err != nil {
			t.Fatalf("%s: %v", address, err)
		}
		if again, err := s.Put(t.Context(), Label, label); err != nil || again != sha || held.puts != 2 || len(held.keys("label/")) != 1 {
			t.Errorf("%s: it was put once more: %v, %d heard, %v kept", address, err, held.puts, held.keys(""))
		}
		if got, err := s.Get(t.Context(), Label, sha); err != nil || !bytes.Equal(got, label) {
			t.Errorf("%s: got %q: %v", address, got, err)
		}
		if _, err := s.Get(t.Context(), Label, strings.Repeat("0", 64)); !errors.Is(err, ErrAbsent) {
			t.Errorf("%s: what was never kept: %v", address, err)
		}
		quiet := slog.New(slog.DiscardHandler)
		if n, err := s.Purge(t.Context(), Label, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), quiet); n != 0 || err != nil {
			t.Errorf("%s: %d new ones are removed: %v", address, n, err)
		}
		if n, err := s.Purge(t.Context(), Label, time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), quiet); n != 1 || err != nil || len(held.keys("")) != 0 {
			t.Errorf("%s: %d are removed: %v", address, n, err)
		}
	}
}

func TestABucketWithoutCredentialsIsNotOpenedAndSaysWhichAreMissing(t *testing.T) {
	for _, name := range slices.Concat(azureAccounts, googleEmulators) {
		t.Setenv(name, "")
	}
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", filepath.Join(t.TempDir(), "absent.json"))
	for address, want := range map[string]string{
		"gs://bucket?secret=x":     "open the label store at gs://bucket: there are no credentials of Google: name the file of a service account in GOOGLE_APPLICATION_CREDENTIALS",
		"azblob://bucket?secret=x": "open the label store at azblob://bucket: the storage account of Azure is not named: set AZURE_STORAGE_ACCOUNT, and AZURE_STORAGE_KEY",
	} {
		if _, err := Open(t.Context(), address, ""); err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %v", address, err)
		}
	}
}
