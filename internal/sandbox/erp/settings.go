package erp

import (
	"fmt"
	"slices"
	"time"
)

// Settings are what the people at the ERP can change at any time.
type Settings struct {
	FindsRepeats     bool     `json:"finds_repeats"`     // a second order with a reference, or customer with an address, is refused
	ClosedUntil      string   `json:"closed_until"`      // the last day for which nothing can be booked any more; empty: none
	BlockedCustomers []string `json:"blocked_customers"` // ids
	UnknownArticles  []string `json:"unknown_articles"`  // every other is known
}

const listedMax = 10_000

// Settings are those in use.
func (e *ERP) Settings() Settings {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.settings
	s.BlockedCustomers = append([]string{}, s.BlockedCustomers...)
	s.UnknownArticles = append([]string{}, s.UnknownArticles...)
	return s
}

// Set takes other settings, or says what is wrong with them.
func (e *ERP) Set(s Settings) error {
	if s.ClosedUntil != "" {
		if _, err := time.Parse(time.DateOnly, s.ClosedUntil); err != nil {
			return fmt.Errorf("closed_until %q: give a day as 2026-10-31", s.ClosedUntil)
		}
	}
	if len(s.BlockedCustomers) > listedMax || len(s.UnknownArticles) > listedMax {
		return fmt.Errorf("more than %d customers or articles are listed", listedMax)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settings = s
	return nil
}

func (s Settings) isBlocked(customer string) bool {
	return slices.Contains(s.BlockedCustomers, customer)
}

// unknownArticle is the first line with an article that is not known; -1: there is none.
func (s Settings) unknownArticle(lines []Line) int {
	return slices.IndexFunc(lines, func(l Line) bool { return slices.Contains(s.UnknownArticles, l.Article) })
}
