package main

import (
	"context"
	"path/filepath"
	"time"

	"waybill/internal/config"
	"waybill/internal/labels"
)

// openLabels opens the label store: a folder of the data, if the configuration names no bucket.
func openLabels(c *config.Config) (*labels.Store, error) {
	return labels.Open(context.Background(), c.Labels.URL, filepath.Join(c.Data, "labels"))
}

// labelsFolder is the address of the folder of the data for another process.
func labelsFolder(c *config.Config) string {
	if c.Labels.URL != "" {
		return c.Labels.URL
	}
	folder, err := filepath.Abs(filepath.Join(c.Data, "labels"))
	if err != nil {
		folder = filepath.Join(c.Data, "labels") // it is told where it is, as well as that can be
	}
	return "file://" + folder + "?create_dir=1&no_tmp_dir=1&metadata=skip"
}

// purgeEvery is how often it is looked what was kept for its time.
const purgeEvery = 6 * time.Hour

// purge removes what was kept for its time, until ctx ends. What can not be removed is tried the next time.
func (p *pipeline) purge(ctx context.Context) error {
	for {
		before := time.Now().AddDate(0, 0, -p.config.Labels.KeepDays)
		for _, class := range []string{labels.Label, labels.Proof} {
			if _, err := p.labels.Purge(ctx, class, before, p.app.log); err != nil && ctx.Err() == nil {
				p.app.log.Warn("old "+class+"s are not removed yet", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(purgeEvery):
		}
	}
}
