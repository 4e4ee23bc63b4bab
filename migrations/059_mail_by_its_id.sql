-- Nothing looks for mail by when it is due: the alarm says that. But every
-- question about one mail that has not left was answered through this index,
-- wading through all the others that had not, instead of by the mail's own id.
drop index sig.mail_open;
