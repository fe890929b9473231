package landing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"waybill/schemas"
)

// errMayNot ends a membership in favour of others.
var errMayNot = errors.New("others land")

// mayBegin waits until this process may land; false when ctx has ended.
func (l *Landing) mayBegin(ctx context.Context) bool {
	for said := false; ctx.Err() == nil; {
		why := l.config.May()
		if why == nil {
			return true
		}
		if !said {
			said = true
			l.log.Warn("landing is left to others", "reason", why)
		}
		nap(ctx, maySeconds*time.Second)
	}
	return false
}

// watchMay ends the membership when this process may not land any more.
func (l *Landing) watchMay(ctx context.Context) {
	for ctx.Err() == nil {
		if l.config.May() != nil {
			l.leave(errMayNot)
			return
		}
		nap(ctx, maySeconds*time.Second)
	}
}

func nap(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// Ready is nil unless a partition waits for another version of Waybill.
func (l *Landing) Ready() error {
	for _, p := range l.owned() {
		if why := p.waits.Load(); why != nil {
			return fmt.Errorf("landing: %s/%d waits: %s", p.topic.Name, p.number, *why)
		}
	}
	return nil
}

// noteWait remembers whether the partition waits for another version of Waybill, and says whether that is no news.
func (p *partition) noteWait(err error) (known bool) {
	if err == nil || !errors.Is(err, schemas.ErrForeignSchema) {
		p.waits.Store(nil)
		return false
	}
	return p.waits.Swap(new(err.Error())) != nil
}
