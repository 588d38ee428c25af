alter table app.accounts rename column balance to cents;
