create schema app;
create table app.tickets (id bigint primary key, number serial, other integer);
create sequence app.spare owned by app.tickets.number;
insert into app.tickets (id) select generate_series(1, 100);
