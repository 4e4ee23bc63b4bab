package httpd

import "sigportal/internal/fault"

// healthShow answers the load balancer: 200 while this replica can do its work,
// else 503. It says nothing more.
func (a *App) healthShow(r *Request) error {
	if err := a.deps.Healthy(r.Context()); err != nil {
		return fault.Wrap(fault.Unavailable, "error.unavailable", err)
	}
	r.Type("txt", "utf-8")
	return r.SendString("ok\n")
}
