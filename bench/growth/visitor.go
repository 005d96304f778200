package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
)

// visitor is a browser: it keeps its cookies and its connection.
type visitor struct {
	base   string
	client *http.Client
}

func newVisitor(addr string) (*visitor, error) {
	jar, err := cookiejar.New(nil)
	return &visitor{"http://" + addr, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}, err
}

// get asks for a page and wants it.
func (v *visitor) get(path string) (string, error) {
	return v.want(v.client.Get(v.base + path))
}

func (v *visitor) want(res *http.Response, err error) (string, error) {
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= 400 {
		err = fmt.Errorf("%s answered %s", res.Request.URL.Path, res.Status)
	}
	return string(body), err
}

// logIn is an officer at a browser.
func logIn(addr, login, password string) (*visitor, error) {
	v, err := newVisitor(addr)
	if err != nil {
		return nil, err
	}
	page, err := v.get("/desk/login")
	if err != nil {
		return nil, err
	}
	token := regexp.MustCompile(`name="_token" value="([^"]+)"`).FindStringSubmatch(page)
	if token == nil {
		return nil, fmt.Errorf("the log-in page has no token")
	}
	_, err = v.want(v.client.PostForm(v.base+"/desk/login", url.Values{"_token": {token[1]}, "login": {login}, "password": {password}}))
	if err != nil {
		return nil, err
	}
	if page, err = v.get("/desk"); err == nil && !strings.Contains(page, "/desk/cases/") {
		err = fmt.Errorf("%s sees no work", login)
	}
	if login == keeper {
		err = nil // an administrator has none
	}
	return v, err
}

// deepest goes from page to page of a list, at most so many, and gives the path
// of the last one and how many there were.
func (v *visitor) deepest(path string, most int) (last string, pages int, err error) {
	next := regexp.MustCompile(`rel="next" href="([^"]+)"`)
	for pages = 1; pages < most; pages++ {
		page, err := v.get(path)
		if err != nil {
			return path, pages, err
		}
		found := next.FindStringSubmatch(page)
		if found == nil {
			return path, pages, nil
		}
		path = strings.ReplaceAll(found[1], "&amp;", "&")
	}
	return path, pages, nil
}
