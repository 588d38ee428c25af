alter table app.items rename column price to net_price;
