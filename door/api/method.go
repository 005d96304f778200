package api

import (
	"net/http"
	"slices"
	"strings"

	"pendopo/kernel/fault"
	"pendopo/kernel/page"
)

// withMethods marks the routes as the API's and adds to each path one route for
// every method it does not take.
func withMethods(routes []page.Route) []page.Route {
	allowed := map[string][]string{}
	var paths []string
	for i := range routes {
		routes[i].API = true
		method, path, _ := strings.Cut(routes[i].Pattern, " ")
		if allowed[path] == nil {
			paths = append(paths, path)
		}
		allowed[path] = append(allowed[path], method)
	}
	for _, path := range paths {
		routes = append(routes, page.Route{Pattern: path, API: true, Do: otherMethod(allowed[path])})
	}
	return routes
}

// otherMethod answers OPTIONS with what there is, and the rest with 405. It
// names no origin: pages of other sites are given no answer to read.
func otherMethod(methods []string) func(http.ResponseWriter, *http.Request) error {
	if slices.Contains(methods, http.MethodGet) {
		methods = append(methods, http.MethodHead)
	}
	allow := strings.Join(append(methods, http.MethodOptions), ", ")
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Allow", allow)
		if r.Method != http.MethodOptions {
			return fault.New(fault.NoMethod, "api.method")
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
}
