alter table app.tickets rename column number to ticket;
