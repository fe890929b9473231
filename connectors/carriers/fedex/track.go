// Package fedex reads what FedEx says of parcels.
package fedex

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"strings"

	"waybill/connectors/scans"
	"waybill/schemas"
)

//go:embed track_vocabulary.csv
var trackVocabularyTable []byte

var trackVocabulary = scans.Read(trackVocabularyTable)

// trackedAnswer is what POST /track/v1/trackingnumbers answers.
type trackedAnswer struct {
	Output *struct {
		Complete scans.List[struct {
			Number  scans.Word                `json:"trackingNumber"`
			Results scans.List[trackedParcel] `json:"trackResults"`
		}] `json:"completeTrackResults"`
	} `json:"output"`
	Errors scans.List[trackedError] `json:"errors"`
}

type trackedError struct {
	Code    scans.Word `json:"code"`
	Message scans.Word `json:"message"`
}

// trackedParcel is one of those that a number stands for: FedEx gives numbers out again, and UniqueID tells the parcels apart.
type trackedParcel struct {
	Info struct {
		Number   scans.Word `json:"trackingNumber"`
		UniqueID scans.Word `json:"trackingNumberUniqueId"`
	} `json:"trackingNumberInfo"`
	Events   scans.List[trackedEvent] `json:"scanEvents"`
	Error    trackedError             `json:"error"`
	Delivery struct {
		ReceivedBy scans.Word `json:"receivedByName"`
		SignedBy   scans.Word `json:"signedByName"`
	} `json:"deliveryDetails"`
}

// Track reads what FedEx says of parcels: answers of its Track API. What is wrong with one number stands within a good answer.
func Track(said []byte, asked string) (schemas.Tracked, error) {
	sheet := scans.NewSheet("fedex", asked)
	if scans.KindOf(said) != scans.JSON {
		sheet.Fault("not_tracking", "$", "it is no JSON")
		return sheet.Tracked()
	}
	sheet.EachJSON(said, func(path string, document json.RawMessage) {
		var a trackedAnswer
		if sheet.Take(path, document, &a) {
			trackAnswer(sheet, path, &a)
		}
	})
	return sheet.Tracked()
}

func trackAnswer(sheet *scans.Sheet, path string, a *trackedAnswer) {
	switch {
	case a.Output != nil:
		for i, number := range a.Output.Complete {
			at := scans.At(path+".output.completeTrackResults", i) + ".trackResults"
			for k := range number.Results {
				trackParcel(sheet, scans.At(at, k), number.Number, &number.Results[k])
			}
		}
	case len(a.Errors) > 0 && isAbsent(a.Errors[0]):
		sheet.Absent("", string(a.Errors[0].Code), string(a.Errors[0].Message))
	case len(a.Errors) > 0:
		sheet.Refused(path+".errors[0]", string(a.Errors[0].Code), string(a.Errors[0].Message))
	default:
		sheet.Fault("not_tracking", path, "there are no results in it")
	}
}

// isAbsent says that an error is about the number: it is empty, invalid, or nobody knows it.
func isAbsent(e trackedError) bool {
	return strings.HasPrefix(string(e.Code), "TRACKING.TRACKINGNUMBER.")
}

func trackParcel(sheet *scans.Sheet, path string, asked scans.Word, p *trackedParcel) {
	number := cmp.Or(p.Info.Number, asked)
	if len(p.Events) == 0 && p.Error.Code != "" {
		if isAbsent(p.Error) {
			sheet.Absent(string(number), string(p.Error.Code), string(p.Error.Message))
		} else {
			sheet.Refused(path+".error", string(p.Error.Code), string(p.Error.Message))
		}
		return
	}
	trackEvents(sheet, path+".scanEvents", number, p)
}
