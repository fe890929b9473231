package reach

import (
	"net/http"
	"time"

	"github.com/twmb/franz-go/pkg/sr"

	"waybill/internal/credentials"
)

// registryTimeout bounds one question to the registry.
const registryTimeout = 10 * time.Second

// RegistryOptions is how the registry is reached: every connection shows the certificate, and every request the password, that the
// files hold at that moment.
func RegistryOptions(l credentials.Login) []sr.ClientOpt {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if l.Certificates != nil {
		transport.DialTLSContext = l.Certificates.Dial
	}
	options := []sr.ClientOpt{sr.HTTPClient(&http.Client{Transport: transport, Timeout: registryTimeout})}
	if l.User != "" {
		options = append(options, sr.PreReq(func(r *http.Request) error {
			r.SetBasicAuth(l.User, l.Password.Now())
			return nil
		}))
	}
	return options
}
