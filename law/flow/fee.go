package flow

import (
	"fmt"

	"pendopo/law/definition"
	"pendopo/law/fold"
	"pendopo/law/rule"
)

// Fee is what an application with these answers costs, in whole rupiah: the
// first case whose condition holds, else the fee itself. When a rule cannot be
// asked, failed names it and the fee is the least of all amounts that the
// standard names: nobody is asked for more than is sure.
func Fee(s *definition.Service, rules *rule.Program, env rule.Env) (rupiah int64, failed string) {
	fee := s.Standard.Fee
	for i, c := range fee.Cases {
		path := fmt.Sprintf("standard.fee.cases[%d]", i)
		holds, err := rules.Bool(path+".when", env)
		switch {
		case err != nil:
			return least(fee), path + ".when"
		case !holds:
		case c.Amount == "":
			return c.Rupiah, ""
		default:
			n, err := rules.Int(path+".amount", env)
			if err != nil || n < 0 {
				return least(fee), path + ".amount"
			}
			return n, ""
		}
	}
	return fee.Rupiah, ""
}

func least(f definition.Fee) int64 {
	n := f.Rupiah
	for _, c := range f.Cases {
		if c.Amount == "" {
			n = min(n, c.Rupiah)
		}
	}
	return n
}

// fee writes down what the application costs, where the service costs anything.
func (d *decision) fee(ch *fold.Change) {
	f := d.Service.Standard.Fee
	if f.Rupiah == 0 && len(f.Cases) == 0 {
		return
	}
	n, failed := Fee(d.Service, d.Rules, d.env(d.Answers))
	ch.Fee = &n
	if failed != "" {
		d.clocks.failed = append(d.clocks.failed, failed)
	}
}
