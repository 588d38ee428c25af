alter table app.rates rename column rate to factor;
