package landing

import (
	"math/rand/v2"
	"time"
)

// logEvery spaces the complaints about a failure that lasts: with the longest wait, about one in two minutes.
const logEvery = 12

// backoff is how long to wait after that many failures: doubling between its bounds, and half of it by chance, so that
// partitions that failed together do not come back together.
func backoff(failures int) time.Duration {
	wait := backoffMaxMilliseconds
	if failures < 7 {
		wait = min(backoffMinMilliseconds<<(failures+1), wait)
	}
	return time.Duration(wait/2+rand.IntN(wait/2+1)) * time.Millisecond
}
