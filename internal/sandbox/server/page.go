package server

import (
	_ "embed" // the page
	"html/template"
	"net/http"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// showPage shows faults and books. It has no script, and loads itself again every few seconds.
func (s *Server) showPage(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	w.Header().Set("Cache-Control", "no-store")
	_ = page.Execute(w, map[string]any{ // who hung up needs no answer
		"Parties": s.Parties("http://" + r.Host), "Books": s.Books(), "Faults": s.faults(), "Duplicates": s.Duplicates(), "Parcels": s.Parcels(),
	})
}
