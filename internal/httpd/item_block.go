package httpd

// itemBlock stops every disclosure of an item, or lets it be told again.
func (a *App) itemBlock(r *Request) error {
	id, item, err := r.itemAddress()
	if err != nil {
		return err
	}
	var in struct {
		Blocked bool `form:"blocked"`
	}
	if err := r.Form(&in); err != nil {
		return err
	}
	if err := a.deps.Sharing.BlockItem(r.Context(), r.Actor(), id, item, in.Blocked); err != nil {
		return err
	}
	if in.Blocked {
		return r.SeeOther(itemPath(id, item), "flash.item_blocked")
	}
	return r.SeeOther(itemPath(id, item), "flash.item_unblocked")
}
