package open311

import (
	"fmt"
	"net/http"

	"pendopo/feature/complaint/georeport"
	"pendopo/kernel/page"
)

// discovery says which addresses there are.
func (s *Server) discovery(w http.ResponseWriter, r *http.Request) (any, error) {
	if name(r) != "discovery" {
		return nil, unknown("open311.address")
	}
	if _, err := s.asked(r); err != nil {
		return nil, err
	}
	p, words := s.Cases.Government().Profile, page.Words(r.Context())
	base := s.Base
	if base == "" {
		base = "https://" + r.Host
	}
	changed := fmt.Sprintf("%012d", s.Cases.Catalogue().Edition())
	w.Header().Set("Cache-Control", "public, max-age=300")
	return georeport.Discovery{
		Changeset: changed, Contact: words.Of(p.Name) + ", " + p.Email + ", " + p.Phone,
		KeyService: words.T("open311.key_service", "email", p.Email),
		Endpoints: []georeport.Endpoint{{Specification: georeport.Specification, URL: base + "/open311/v2", Changeset: changed,
			Type: "production", Formats: []string{"text/xml", "application/json"}}},
	}, nil
}
