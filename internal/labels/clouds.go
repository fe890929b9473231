package labels

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"gocloud.dev/blob/azureblob"
	"gocloud.dev/blob/gcsblob"
	"gocloud.dev/gcp"
)

// The variables of the environment in which the drivers look for credentials, by their documentation: gocloud.dev/blob/azureblob,
// gocloud.dev/blob/gcsblob, and https://cloud.google.com/docs/authentication/application-default-credentials.
var (
	azureAccounts   = []string{"AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_CONNECTION_STRING", "AZURE_STORAGEBLOB_CONNECTIONSTRING"}
	googleEmulators = []string{"STORAGE_EMULATOR_HOST", "STORAGE_EMULATOR_HOST_GRPC"}
)

// credentialed says before a bucket is opened that its credentials are missing. Google's driver writes that to stdout and goes on without any, and Azure's names
// an option that nobody can set.
func credentialed(ctx context.Context, address string) error {
	at, err := url.Parse(address)
	if err != nil {
		return errors.New("it is no address") // which may hold what nobody should see
	}
	asked := at.Query()
	switch at.Scheme {
	case gcsblob.Scheme:
		if isSet(googleEmulators) || asked.Get("anonymous") == "true" || asked.Get("access_id") == "-" {
			return nil
		}
		if _, err := gcp.DefaultCredentials(ctx); err != nil {
			return fmt.Errorf("there are no credentials of Google: name the file of a service account in GOOGLE_APPLICATION_CREDENTIALS: %w", err)
		}
	case azureblob.Scheme:
		if !isSet(azureAccounts) && asked.Get("storage_account") == "" {
			return errors.New("the storage account of Azure is not named: set AZURE_STORAGE_ACCOUNT, and AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN; or " +
				"AZURE_STORAGE_CONNECTION_STRING")
		}
	}
	return nil
}

func isSet(variables []string) bool {
	var all strings.Builder
	for _, name := range variables {
		all.WriteString(os.Getenv(name))
	}
	return all.Len() > 0
}
