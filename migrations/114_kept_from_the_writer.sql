-- Who cannot read what stands under a point writes nothing over it: a coordinator of
-- another unit of the board replaced, unseen, what the family had said alone.
create policy kept_from_the_writer on sig.minutes_text as restrictive for insert to sig_app
  with check (point <> all ((select sig.points_kept_from_me())::uuid[]));
create policy kept_from_the_changer on sig.minutes_text as restrictive for update to sig_app
  using (point <> all ((select sig.points_kept_from_me())::uuid[]));
