package engine

import (
	"errors"
	"net/http"
	"regexp"
	"strconv"
)

// engineError is an exception of the engine, or one of ours that speaks as the engine does.
type engineError struct {
	code    int // ClickHouse's error code, 0 if the text names none
	message string
}

func (e *engineError) Error() string { return e.message }

var exceptionCode = regexp.MustCompile(`Code: (\d+)\.`)

func newEngineError(text string) *engineError {
	e := &engineError{message: text}
	if match := exceptionCode.FindStringSubmatch(text); match != nil {
		e.code, _ = strconv.Atoi(match[1])
	}
	return e
}

func refusal(code int, name, text string) *engineError {
	return &engineError{code: code, message: "Code: " + strconv.Itoa(code) + ". DB::Exception: " + text + " (" + name + ")"}
}

// exceptionOf gives every error a form that ClickHouse's clients understand.
func exceptionOf(err error) *engineError {
	var exception *engineError
	if errors.As(err, &exception) {
		return exception
	}
	return refusal(1002, "UNKNOWN_EXCEPTION", err.Error())
}

// httpStatus is the status that a ClickHouse server answers for an error code, for those that clients meet.
func httpStatus(code int) int {
	switch code {
	case 6, 26, 27, 38, 41, 42, 43, 53, 62, 70, 72, 73, 117, 131, 386, 441:
		return http.StatusBadRequest // cannot parse, wrong arguments, syntax, type mismatch
	case 36, 69, 115, 137, 452:
		return http.StatusBadRequest
	case 16, 46, 47, 50, 56, 60, 81, 392:
		return http.StatusNotFound // unknown column, function, identifier, type, storage, table, database
	case 164, 497, 516:
		return http.StatusForbidden // read only, access denied, wrong password
	case 48:
		return http.StatusNotImplemented
	case 159:
		return http.StatusRequestTimeout
	case 74, 76, 202, 209:
		return http.StatusServiceUnavailable
	case 307, 161, 621:
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusInternalServerError
}
