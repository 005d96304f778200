package main

import (
	"context"
	"errors"
	"regexp"
	"time"

	"go.temporal.io/sdk/workflow"
)

// application is what is handed in.
type application struct {
	Name           string   `json:"name"`
	NIK            string   `json:"nik"`
	BirthPlace     string   `json:"birth_place"`
	BirthDate      string   `json:"birth_date"`
	Sex            string   `json:"sex"`
	Phone          string   `json:"phone"`
	Region         string   `json:"region"`
	Street         string   `json:"street"`
	RT             int      `json:"rt"`
	RW             int      `json:"rw"`
	LivesSince     string   `json:"lives_since"`
	Occupation     string   `json:"occupation"`
	Purpose        string   `json:"purpose"`
	SuratPengantar []string `json:"surat_pengantar"`
	KTP            []string `json:"ktp"`
	Declaration    bool     `json:"declaration"`
}

// accept is the whole workflow. It runs on after its first step only when the
// step's result is in the history, so whoever waits is told then; telling has
// no part in the history, and a replay tells nobody.
func (f *front) accept(ctx workflow.Context, a application) error {
	step := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
	err := workflow.ExecuteActivity(step, check, a).Get(ctx, nil)
	if err == nil {
		f.reached(workflow.GetInfo(ctx).WorkflowExecution.ID)
	}
	return err
}

var nik = regexp.MustCompile(`^[0-9]{16}$`)

// check is the first step: it looks at the application as a form does.
func check(_ context.Context, a application) error {
	if !nik.MatchString(a.NIK) || a.Name == "" || !a.Declaration {
		return errors.New("not complete")
	}
	return nil
}
