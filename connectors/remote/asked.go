package remote

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Asked is the failure of a question, which does nothing.
func Asked(err error) error {
	var f *Failure
	if errors.As(err, &f) {
		f.Perhaps = false
	}
	return err
}

// Heard takes a refusal for the answer that it is: some parties say by a status that there is nothing of what they were asked for. What
// answers, says whether a body does. What is said of credentials and of too many calls is never an answer.
func Heard(said []byte, err error, answers func(said []byte) bool) ([]byte, error) {
	var f *Failure
	if errors.As(err, &f) && f.Class == Permanent && f.Status != 0 && answers(f.Said) {
		return f.Said, nil
	}
	return said, Asked(err)
}

// UntilQuota is how long to leave alone a party whose calls of a day are used up: until midnight GMT, but no longer than it could ask
// for, because not each counts its days like that.
func UntilQuota(now time.Time) time.Duration {
	return min(now.UTC().Truncate(24*time.Hour).Add(24*time.Hour).Sub(now), waitMax)
}

// Spend has something done with a token, for a party that wants to see it in what is said to it. Where the token was no good it is done
// once more, with a new one.
func (t *Tokens) Spend(ctx context.Context, do func(token string) error, noGood func(error) bool) error {
	for again := false; ; again = true {
		token, err := t.Token(ctx)
		if err != nil {
			return (&tokenError{err}).failure()
		}
		if err = do(token); err == nil || !noGood(err) {
			return err
		}
		t.forget(token)
		if again {
			return err
		}
	}
}

// Text sends a body that is no JSON; of what kind it is, the client's headers say. What is answered is not read.
func (c *Client) Text(ctx context.Context, path string, body []byte) ([]byte, error) {
	return c.exchange(ctx, http.MethodPost, path, body, nil)
}
